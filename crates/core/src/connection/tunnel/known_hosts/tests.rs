//! Whose key a host shows, by files of every form.

use super::*;
use crate::ErrorKind;

const ONE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
const TWO: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X";
/// `ssh-keygen -H` of "example.com" with TWO's sibling.
const HASHED: &str = "|1|O33ESRMWPVkMYIwJ1Uw+n877jTo=|nuuC5vEqXlEZ/8BXQR7m619W6Ak= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILIG2T/B0l0gaqj3puu510tu9N1OkQ4znY3LYuEm5zCF";

fn key(text: &str) -> PublicKey {
    PublicKey::from_openssh(text).unwrap()
}

fn known(text: &str, host: &str, port: u16) -> (tempfile::TempDir, SshPlace, KnownHost) {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".ssh")).unwrap();
    std::fs::write(home.path().join(".ssh/known_hosts"), text).unwrap();
    let place = SshPlace {
        home: Some(home.path().to_owned()),
        known_hosts: home.path().join("ours"),
        ..SshPlace::default()
    };
    let known = KnownHost::read(&place, host, port);
    (home, place, known)
}

fn check(text: &str, host: &str, port: u16, shown: &str, expected: &str) {
    let (_home, _, known) = known(text, host, port);
    let judged = format!("{:?}", known.judge(&key(shown)));
    assert!(judged.starts_with(expected), "{text:?} {host}:{port}: {judged}");
}

#[test]
fn a_host_is_known_by_name_pattern_port_and_hash() {
    check(&format!("db.example,10.0.0.7 {ONE}"), "db.example", 22, ONE, "Known");
    check(&format!("*.example {ONE}"), "db.example", 22, ONE, "Known");
    check(&format!("*.example,!db.example {ONE}"), "db.example", 22, ONE, "Unknown");
    check(&format!("[db.example]:2222 {ONE}"), "db.example", 2222, ONE, "Known");
    check(&format!("[db.example]:2222 {ONE}"), "db.example", 22, ONE, "Unknown");
    check(HASHED, "example.com", 22, HASHED.split_once(' ').unwrap().1, "Known");
    check(HASHED, "example.com", 22, ONE, "Changed");
    check("", "db.example", 22, ONE, "Unknown { authority: false }");
}

#[test]
fn a_key_without_a_port_is_good_for_every_port() {
    check(&format!("db.example {ONE}"), "db.example", 2222, ONE, "Known");
    check(&format!("db.example {TWO}\n[db.example]:2222 {ONE}"), "db.example", 2222, ONE, "Known");
    check(&format!("db.example {TWO}\n[db.example]:2222 {ONE}"), "db.example", 2222, TWO, "Changed");
    check(&format!("db.example {TWO}"), "db.example", 2222, ONE, "Unknown");
}

#[test]
fn another_key_is_a_change_and_a_revoked_one_is_said_so() {
    check(&format!("# a comment\n\ndb {TWO}"), "db", 22, ONE, "Changed");
    check(&format!("db {ONE}\n@revoked * {ONE}"), "db", 22, ONE, "Revoked");
    check(&format!("@cert-authority * {TWO}"), "db", 22, ONE, "Unknown { authority: true }");
    check(&format!("nonsense\ndb {ONE}\n\u{1}"), "db", 22, ONE, "Known");
}

#[test]
fn an_accepted_key_is_known_from_then_on_and_a_change_names_both_fingerprints() {
    let (_home, place, fresh) = known("", "db", 2222);
    assert_eq!(verdict(&fresh, &key(ONE)).unwrap_err().kind(), ErrorKind::UnknownHostKey);
    fresh.accept(&place, &key(ONE)).unwrap();
    let read = KnownHost::read(&place, "db", 2222);
    assert!(verdict(&read, &key(ONE)).is_ok());
    let refused = verdict(&read, &key(TWO)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    let words = refused.message();
    assert!(words.contains(&fingerprint(&key(ONE))) && words.contains(&fingerprint(&key(TWO))), "{words}");
}
