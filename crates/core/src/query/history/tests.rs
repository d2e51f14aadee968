//! The history as it grows, is looked through, and is cleared.

use std::fs;

use super::*;
use crate::connection::ConnectionProfile;

fn profile(name: &str) -> ConnectionProfile {
    ConnectionProfile::new(name, "localhost", 5432, "raaf", "me")
}

fn run<'a>(sql: &'a str, profile: &'a ConnectionProfile, at: &str) -> FinishedRun<'a> {
    FinishedRun {
        sql,
        profile,
        at: at.parse().unwrap(),
        duration_ms: 12,
        rows: Some(3),
        outcome: QueryOutcome::Done,
        error: None,
    }
}

fn store(folder: &tempfile::TempDir) -> HistoryStore {
    HistoryStore::new(folder.path(), HistoryBounds::default())
}

fn search(text: &str) -> HistoryQuery {
    HistoryQuery { search: Some(text.into()), count: 100, ..HistoryQuery::default() }
}

fn texts(found: Vec<QueryHistoryEntry>) -> Vec<String> {
    found.into_iter().map(|entry| entry.sql).collect()
}

#[test]
fn the_newest_comes_first_across_months_and_a_page_goes_on_where_the_last_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (history, local) = (store(&folder), profile("Local"));
    for month in 1..=4 {
        for day in 1..=3 {
            let sql = format!("select {month}, {day}");
            history.add(&run(&sql, &local, &format!("2026-0{month}-0{day}T10:00:00Z"))).unwrap();
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5, "four months and the lock");
    let page = |before| history.list(&HistoryQuery { before, count: 5, ..HistoryQuery::default() }).unwrap();
    let first = page(None);
    let second = page(first.last().map(|entry| entry.id.clone()));
    assert_eq!(first[0].sql, "select 4, 3");
    assert_eq!(texts(first.into_iter().chain(second).collect()).last().unwrap(), "select 1, 3");
}

#[test]
fn every_word_of_a_search_must_be_somewhere_in_any_case() {
    let folder = tempfile::tempdir().unwrap();
    let (history, staging) = (store(&folder), profile("Staging"));
    for sql in ["select \"Größe\"\nfrom t", "update runs set a = 'c:\\tmp'", "select 2 from RUNS"] {
        history.add(&run(sql, &staging, "2026-03-01T10:00:00Z")).unwrap();
    }
    let found = |text| texts(history.list(&search(text)).unwrap()).len();
    assert_eq!(
        [found("runs"), found("SELECT runs"), found("GRÖSSE"), found("größe from"), found("\"grö")],
        [2, 1, 0, 1, 1]
    );
    assert_eq!(
        [found("c:\\tmp"), found("staging"), found("raaf update"), found("connectionName")],
        [1, 3, 1, 0]
    );
}

#[test]
fn one_run_or_all_of_a_connection_can_be_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (history, a, b) = (store(&folder), profile("A"), profile("B"));
    let first = history.add(&run("select 1", &a, "2026-03-01T10:00:00Z")).unwrap();
    history.add(&run("select 2", &a, "2026-04-01T10:00:00Z")).unwrap();
    history.add(&run("select 3", &b, "2026-04-01T10:00:00Z")).unwrap();
    assert!(history.remove(&first.id).unwrap() && !history.remove(&first.id).unwrap());
    assert_eq!(texts(history.list(&search("")).unwrap()), ["select 3", "select 2"]);
    assert_eq!(history.remove_connection(&a.id).unwrap(), 1);
    assert_eq!(texts(history.list(&search("")).unwrap()), ["select 3"]);
    assert!(!fs::read_to_string(folder.path().join("2026-04.jsonl")).unwrap().contains("select 2"));
}

#[test]
fn when_it_is_full_whole_months_go_and_then_the_older_half() {
    let folder = tempfile::tempdir().unwrap();
    let (history, local) = (HistoryStore::new(folder.path(), HistoryBounds { bytes: 4_000 }), profile("L"));
    for n in 0..10 {
        history.add(&run(&format!("select 'old {n}'"), &local, "2026-03-01T10:00:00Z")).unwrap();
    }
    for n in 0..40 {
        history.add(&run(&format!("select 'new {n}'"), &local, "2026-04-01T10:00:00Z")).unwrap();
    }
    assert!(!folder.path().join("2026-03.jsonl").exists());
    assert!(fs::metadata(folder.path().join("2026-04.jsonl")).unwrap().len() <= 4_000);
    assert_eq!(texts(history.list(&search("")).unwrap())[0], "select 'new 39'");
}

#[test]
fn a_line_that_was_cut_off_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (history, local) = (store(&folder), profile("L"));
    history.add(&run("select 1", &local, "2026-03-01T10:00:00Z")).unwrap();
    let path = folder.path().join("2026-03.jsonl");
    fs::write(&path, fs::read_to_string(&path).unwrap() + "{\"id\":\"x").unwrap();
    history.add(&run("select 2", &local, "2026-03-01T10:00:00Z")).unwrap();
    assert_eq!(texts(history.list(&search("")).unwrap()), ["select 2", "select 1"]);
}

#[test]
fn two_processes_lose_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let local = profile("L");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (history, local) = (store(&folder), &local);
            scope.spawn(move || {
                for n in 0..25 {
                    history.add(&run(&format!("select {n}"), local, "2026-03-01T10:00:00Z")).unwrap();
                }
            });
        }
    });
    assert_eq!(
        store(&folder).list(&HistoryQuery { count: 1_000, ..HistoryQuery::default() }).unwrap().len(),
        100
    );
}

#[test]
fn an_error_is_kept_without_the_secret_that_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let (history, local) = (store(&folder), profile("L"));
    let message = "cannot open postgres://me:hunter2@db/raaf".to_owned();
    let error = QueryHistoryError { sqlstate: None, message };
    let failed = FinishedRun {
        outcome: QueryOutcome::Failed,
        error: Some(error),
        ..run("select dblink('host=db password=hunter2')", &local, "2026-03-01T10:00:00Z")
    };
    history.add(&failed).unwrap();
    let written = fs::read_to_string(folder.path().join("2026-03.jsonl")).unwrap();
    assert!(!written.contains("hunter2"), "{written}");
    assert_eq!(history.list(&search("postgres")).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_the_history() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let local = profile("L");
    store(&folder).add(&run("select 1", &local, "2026-03-01T10:00:00Z")).unwrap();
    let mode = fs::metadata(folder.path().join("2026-03.jsonl")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A secret goes, and what is around it stays.
fn check(sql: &str, expected: &str) {
    assert_eq!(without_secrets(sql), expected);
}

#[test]
fn the_password_of_a_role_goes_however_it_is_written() {
    check(
        "create role a login password 'x;y' valid until 'infinity'",
        "create role a login password '***' valid until 'infinity'",
    );
    check("ALTER USER a WITH ENCRYPTED PASSWORD E'x\\'y'", "ALTER USER a WITH ENCRYPTED PASSWORD '***'");
    check("alter role a password /* c */ $q$x$q$", "alter role a password /* c */ '***'");
    check("alter role a password U&'x'", "alter role a password U&'***'");
    check("alter role a identified by 'x'", "alter role a identified by '***'");
    check("alter role a password null; select 'x'", "alter role a password null; select 'x'");
}

#[test]
fn settings_options_and_comparisons_by_a_telling_name_go() {
    check("set app.secret_key = 'x'", "set app.secret_key = '***'");
    check("set app.api_key to 'x'", "set app.api_key to '***'");
    check(
        "select set_config('app.jwt_secret', 'x', false)",
        "select set_config('app.jwt_secret', '***', false)",
    );
    check(
        "create user mapping for a server s options (user 'u', password 'x')",
        "create user mapping for a server s options (user 'u', password '***')",
    );
    check("select f(password => 'x', b => 'y')", "select f(password => '***', b => 'y')");
    check("update u set password = 'x', name = 'y'", "update u set password = '***', name = 'y'");
}

#[test]
fn connection_strings_lose_their_password_alone() {
    check(
        "select dblink('host=db user=u password=x dbname=d', 'select 1')",
        "select dblink('host=db user=u password=*** dbname=d', 'select 1')",
    );
    check(
        "create subscription s connection 'host=a password=''x y'' port=1' publication p",
        "create subscription s connection 'host=a password=''***'' port=1' publication p",
    );
    check(
        "select dblink_connect('postgres://u:x@h/d?a=b')",
        "select dblink_connect('postgres://u:***@h/d?a=b')",
    );
    check("-- postgres://u:x@h/d\nselect 1", "-- postgres://u:***@h/d\nselect 1");
    check("select 'host=a password=' || 'x'", "select 'host=a password=' || '***'");
    check(
        "select 'https://example.org/a:b@c', 'http://h:80/x'",
        "select 'https://example.org/a:b@c', 'http://h:80/x'",
    );
}

#[test]
fn secrets_in_quoted_code_go_too() {
    check(
        "do $$ begin create role a password 'x'; end $$",
        "do $$ begin create role a password '***'; end $$",
    );
    check(
        "do $a$ begin execute $b$ alter role a password 'x' $b$; end $a$",
        "do $a$ begin execute $b$ alter role a password '***' $b$; end $a$",
    );
    check("do 'begin create role a password ''x''; end'", "do 'begin create role a password ''***''; end'");
    check("alter role a password 'never ends", "alter role a password '***");
}

#[test]
fn what_is_no_secret_stays_byte_for_byte() {
    for sql in [
        "select token_metrics->>'total', password, 'x' from t where name = 'password' and k in ('secret', 'a')",
        "create function f() returns trigger as $$ begin if new.password=old.password then return 'x'; end if; end $$ language plpgsql",
        "select \"passwort\", 'größe' /* ; */ -- end",
        "",
        "select '{\"token\": {\"total\": 3}}'::jsonb @> '{}'",
    ] {
        check(sql, sql);
    }
}
