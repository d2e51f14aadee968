//! The way to a server, by the flags of `connection add` and `connection edit`: a tunnel, and what TLS needs.

use serde_json::Value;
use support::{Cli, Sshd, any_database, keygen};

fn shown(cli: &Cli, name: &str) -> Value {
    cli.json(&["connection", "show", name, "--json"])
}

#[test]
fn what_is_named_is_saved_and_what_is_not_stays() {
    let cli = Cli::new();
    let key = cli.home().join("id_work");
    keygen(&key, "");
    std::fs::write(cli.home().join("me.crt"), "x").unwrap();
    let url = "postgres://me@db.internal/raaf";
    let _ = cli
        .run(&[
            "connection",
            "add",
            "Work",
            "--url",
            url,
            "--ask",
            "--ssh-host",
            "bastion",
            "--ssh-user",
            "deploy",
            "--ssh-port",
            "2222",
            "--ssh-key",
            "id_work",
            "--ssh-jump",
            "me@gate:22",
            "--ssh-jump",
            "inner",
            "--ssl-mode",
            "verify-full",
            "--ssl-root-cert",
            "system",
            "--ssl-cert",
            "me.crt",
            "--ssl-key",
            "id_work",
            "--ssl-server-name",
            "db.example",
        ])
        .expect(0);
    let saved = shown(&cli, "Work");
    let ssh = &saved["ssh"];
    assert_eq!(
        (&ssh["host"], &ssh["user"], &ssh["port"]),
        (&"bastion".into(), &"deploy".into(), &2222.into())
    );
    assert_eq!((&ssh["auth"], &ssh["jump"]), (&"key".into(), &serde_json::json!(["me@gate:22", "inner"])));
    // By its whole path: the window starts in another folder.
    assert_eq!(ssh["keyFile"], std::fs::canonicalize(&key).unwrap().display().to_string());
    assert_eq!((&saved["tls"], &saved["tlsRootCert"]), (&"verify-full".into(), &"system".into()));
    assert!(saved["tlsFiles"]["clientCert"].as_str().unwrap().ends_with("/me.crt"));
    assert_eq!(saved["tlsFiles"]["serverName"], "db.example");
    let _ = cli
        .run(&["connection", "edit", "Work", "--ssh-port", "22", "--ssl-cert", "", "--ssl-key", ""])
        .expect(0);
    let edited = shown(&cli, "Work");
    assert_eq!((&edited["ssh"]["port"], &edited["ssh"]["user"]), (&22.into(), &"deploy".into()));
    assert_eq!(edited["tlsFiles"]["clientCert"], Value::Null);
    let said = cli.run(&["connection", "show", "Work"]).expect(0).out;
    assert!(said.contains("deploy@bastion:22") && said.contains("by way of me@gate:22, inner"), "{said}");
    let _ = cli.run(&["connection", "edit", "Work", "--ssh-host", ""]).expect(0);
    assert_eq!(shown(&cli, "Work")["ssh"], Value::Null);
}

#[test]
fn a_tunnel_without_a_host_and_a_file_that_is_not_there_are_a_matter_of_usage() {
    let cli = Cli::new();
    let add = |flags: &[&str]| {
        let all = ["connection", "add", "Work", "--url", "postgres://me@db/raaf", "--ask"];
        cli.run(&[&all[..], flags].concat())
    };
    let without = add(&["--ssh-user", "me"]).expect(2);
    assert!(without.err.contains("--ssh-host"), "{}", without.err);
    let missing = add(&["--ssl-root-cert", "no-such.crt"]).expect(2);
    assert!(missing.err.contains("no file no-such.crt"), "{}", missing.err);
    let _ = add(&["--ssl-mode", "perhaps"]).expect(2);
    assert_eq!(cli.json(&["connection", "list", "--json"])["connections"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn an_ssh_servers_key_is_trusted_by_the_fingerprint_that_a_test_shows_and_by_no_other() {
    let (cli, database, sshd) = (Cli::new(), any_database().await, Sshd::start());
    let (port, key) = (sshd.port().to_string(), sshd.key_file().display().to_string());
    let user = sshd.user();
    let way = ["--ssh-host", "127.0.0.1", "--ssh-port", &port, "--ssh-user", &user, "--ssh-key", &key];
    let add = ["connection", "add", "Through", "--url", &database.url];
    let _ = cli.run(&[&add[..], &way[..]].concat()).expect(0);
    let fingerprint = sshd.fingerprint();
    let asked = cli.run(&["connection", "test", "Through"]);
    assert!(asked.code != 0 && asked.err.contains(&fingerprint), "{} {}", asked.out, asked.err);
    let trust =
        |fingerprint: &str| cli.run(&["connection", "trust-host", "Through", "--fingerprint", fingerprint]);
    assert_ne!(trust("SHA256:somebodyelses").code, 0);
    assert_ne!(cli.run(&["connection", "test", "Through"]).code, 0);
    let _ = trust(&fingerprint).expect(0);
    let tested = cli.run(&["connection", "test", "Through"]).expect(0);
    for words in ["Tunnel", " ms", "Role", "Size", "Clock"] {
        assert!(tested.out.contains(words), "{words}: {}", tested.out);
    }
    assert!(cli.find("known_hosts").starts_with(cli.home().join("data")), "only our own file is written");
}
