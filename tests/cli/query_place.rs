//! Where `--out` writes: into a file, and into nothing else that has a name.

use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use support::{Cli, Finished, TestDatabase, any_database};

struct Place {
    cli: Cli,
    database: TestDatabase,
}

impl Place {
    async fn new() -> Self {
        Self { cli: Cli::new(), database: any_database().await }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.cli.home().join(name)
    }

    fn pipe(&self, name: &str) -> PathBuf {
        let made = std::process::Command::new("mkfifo").arg(self.at(name)).status().unwrap();
        assert!(made.success());
        self.at(name)
    }

    fn export(&self, out: &str, more: &[&str]) -> Finished {
        let asked = ["query", "select 7 as a", "--format", "csv", "--out", out, "--url", &self.database.url];
        self.cli.run(&[&asked[..], more].concat())
    }

    fn refuses(&self, out: &str, said: &str) {
        for more in [&[][..], &["--overwrite"]] {
            let refused = self.export(out, more).expect(2);
            assert!(refused.err.contains(said) && refused.err.contains("hint:"), "{}", refused.err);
        }
    }
}

const ROWS: &str = "a\r\n7\r\n";

fn is_pipe(path: &Path) -> bool {
    std::fs::symlink_metadata(path).unwrap().file_type().is_fifo()
}

#[tokio::test]
async fn a_pipe_stays_a_pipe_and_whoever_reads_it_does_not_wait_for_ever() {
    let place = Place::new().await;
    let pipe = place.pipe("pipe");
    symlink("pipe", place.at("link")).unwrap();
    place.refuses("pipe", "a pipe");
    place.refuses("link", "a pipe");
    assert!(is_pipe(&pipe) && place.at("link").is_symlink());
    assert!(!place.at("pipe.manifest.json").exists() && !place.at("pipe.partial").exists());
}

#[tokio::test]
async fn a_link_stays_a_link_and_what_it_leads_to_is_written() {
    let place = Place::new().await;
    std::fs::create_dir(place.at("elsewhere")).unwrap();
    let real = place.at("elsewhere/real.csv");
    std::fs::write(&real, "before").unwrap();
    symlink("elsewhere/real.csv", place.at("link.csv")).unwrap();
    let refused = place.export("link.csv", &[]).expect(1);
    assert!(refused.err.contains("link.csv is already there"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(&real).unwrap(), "before");
    let _ = place.export("link.csv", &["--overwrite"]).expect(0);
    assert!(place.at("link.csv").is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), ROWS);
    assert!(place.at("link.csv.manifest.json").is_file());
    symlink("nowhere", place.at("lost.csv")).unwrap();
    place.refuses("lost.csv", "leads to nothing");
}

#[tokio::test]
async fn a_file_that_is_replaced_keeps_its_rights() {
    let place = Place::new().await;
    std::fs::write(place.at("mine.csv"), "before").unwrap();
    std::fs::set_permissions(place.at("mine.csv"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let _ = place.export("mine.csv", &["--overwrite"]).expect(0);
    assert_eq!(std::fs::read_to_string(place.at("mine.csv")).unwrap(), ROWS);
    assert_eq!(std::fs::metadata(place.at("mine.csv")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn what_stands_where_the_file_is_written_aside_is_not_followed() {
    let place = Place::new().await;
    std::fs::write(place.at("victim"), "mine").unwrap();
    symlink("victim", place.at("a.csv.partial")).unwrap();
    place.pipe("b.csv.partial");
    place.pipe("c.csv.manifest.json.partial");
    for name in ["a.csv", "b.csv", "c.csv"] {
        let refused = place.export(name, &[]).expect(1);
        assert!(refused.err.contains("in the way"), "{}", refused.err);
        assert!(!place.at(name).exists(), "{name}");
    }
    assert_eq!(std::fs::read_to_string(place.at("victim")).unwrap(), "mine");
}

#[tokio::test]
async fn a_manifest_replaces_a_manifest_and_nobody_elses_file() {
    let place = Place::new().await;
    let manifest = place.at("a.csv.manifest.json");
    std::fs::write(&manifest, "{\"mine\": true}").unwrap();
    let refused = place.export("a.csv", &[]).expect(1);
    assert!(refused.err.contains("a.csv.manifest.json is already there"), "{}", refused.err);
    assert!(!place.at("a.csv").exists());
    assert_eq!(std::fs::read_to_string(&manifest).unwrap(), "{\"mine\": true}");
    std::fs::remove_file(&manifest).unwrap();
    let _ = place.export("a.csv", &[]).expect(0);
    std::fs::remove_file(place.at("a.csv")).unwrap();
    // The one that an earlier export left.
    let _ = place.export("a.csv", &[]).expect(0);
    place.pipe("p.csv.manifest.json");
    place.refuses("p.csv", "a pipe");
    assert!(!place.at("p.csv").exists());
}
