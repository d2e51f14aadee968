//! `evaldesk local`: the private server, from nothing to data and away again.

use std::path::Path;
use std::process::Command;

use support::Cli;

#[test]
fn from_nothing_to_listed_runs_without_any_postgres_of_the_machine() {
    let cli = Cli::new();
    let started = cli.json(&["local", "start", "--json"]);
    let _stop = StopAtTheEnd(&cli);
    let _ = cli.run(&["migrate", "up"]).expect(0);
    let _ = cli.run(&["demo", "load", "--runs", "12", "--results", "60"]).expect(0);
    let page = cli.json(&["run", "list", "--json"]);
    assert_eq!(page["runs"].as_array().unwrap().len(), 12);
    assert_eq!(started["status"]["state"], "running", "{started}");
    assert!(started["passwordFile"].is_string(), "there is no keyring in this home: {started}");
    the_password_lies_nowhere_else(&cli, started["passwordFile"].as_str().unwrap());
}

#[test]
fn a_stopped_server_leaves_no_process_behind() {
    let cli = Cli::new();
    let started = cli.json(&["local", "start", "--json"]);
    let folder = started["status"]["dataFolder"].as_str().unwrap().to_owned();
    assert!(processes_naming(&folder) > 0, "the server of {folder} is not among the processes");
    let _ = cli.run(&["local", "stop"]).expect(0);
    for _ in 0..100 {
        if processes_naming(&folder) == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    panic!("{folder} still has a server 20 s after local stop");
}

#[test]
fn reset_asks_for_the_name() {
    let cli = Cli::new();
    let refused = cli.run(&["local", "reset"]).expect(4);
    assert!(refused.err.contains("--confirm"), "{}", refused.err);
}

struct StopAtTheEnd<'a>(&'a Cli);

impl Drop for StopAtTheEnd<'_> {
    fn drop(&mut self) {
        let _ = self.0.run(&["local", "stop"]);
    }
}

/// Every file that the program wrote, and every command line, without the one file that is named to the user.
fn the_password_lies_nowhere_else(cli: &Cli, named: &str) {
    let password = std::fs::read_to_string(named).unwrap().trim().to_owned();
    assert!(password.len() >= 16, "the password is short");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(named).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let mut held = Vec::new();
    search(cli.home(), &password, &mut held);
    held.retain(|path| path != named);
    assert!(held.is_empty(), "the password is in {held:?}");
    let lines = Command::new("ps").args(["-e", "-ww", "-o", "args="]).output().unwrap().stdout;
    assert!(!String::from_utf8_lossy(&lines).contains(&password), "the password is on a command line");
}

fn search(folder: &Path, text: &str, held: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            search(&path, text, held);
        } else if std::fs::read(&path).is_ok_and(|bytes| holds(&bytes, text.as_bytes())) {
            held.push(path.display().to_string());
        }
    }
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

fn processes_naming(folder: &str) -> usize {
    let lines = Command::new("ps").args(["-e", "-ww", "-o", "args="]).output().unwrap().stdout;
    String::from_utf8_lossy(&lines)
        .lines()
        .filter(|line| line.contains("postgres") && line.contains(folder))
        .count()
}

#[test]
fn an_engine_that_was_named_and_is_not_there_is_an_error_and_no_other_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().display().to_string();
    for (named, why) in [("/nonexistent", "no such folder"), (empty.as_str(), "postgres")] {
        let cli = Cli::new().with("EVALDESK_ENGINE", named);
        for verb in [&["local", "start"][..], &["query", "select 1", "--connection", "Local"]] {
            let refused = cli.run(verb);
            assert_ne!(refused.code, 0, "{}", refused.out);
        }
        let refused = cli.run(&["local", "start"]).expect(1);
        assert!(refused.err.contains(named) && refused.err.contains(why), "{}", refused.err);
        assert!(refused.err.contains("EVALDESK_ENGINE"), "{}", refused.err);
    }
}
