//! A plan for real, and back again.

use std::time::Duration;

use support::{Cli, TestDatabase, empty_database, no_copy_is_left, usual};

use super::{Folder, gone};

#[tokio::test]
async fn a_rehearsal_measures_and_keeps_nothing() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table t (id int)").await;
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int);\nalter table t add column more int;\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let rehearsed = cli.run(&[&["migrate", "rehearse"], &with[..]].concat()).expect(0);
    assert!(rehearsed.out.contains("ACCESS EXCLUSIVE on t"), "{}", rehearsed.out);
    assert!(rehearsed.err.contains("Nothing was kept"), "{}", rehearsed.err);
    assert!(gone(&database, "a").await);
    let list = cli.run(&[&["migrate", "rehearse", "--list"], &with[..]].concat()).expect(0);
    assert!(list.out.contains("here"), "{}", list.out);
}

#[tokio::test]
async fn what_would_fail_fails_the_rehearsal() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int);\nselect * from nowhere;\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let failed = cli.run(&[&["migrate", "rehearse"], &with[..]].concat()).expect(1);
    assert!(failed.out.contains("FAILED") && failed.out.contains("nowhere"), "{}", failed.out);
    assert!(gone(&database, "a").await);
    let finished = cli.run(&[&["migrate", "rehearse", "--json"], &with[..]].concat()).expect(1);
    let document: serde_json::Value = serde_json::from_str(&finished.out).unwrap();
    assert_eq!(document["summary"]["passed"], false);
}

#[tokio::test]
async fn production_asks_before_its_locks_are_taken_for_a_rehearsal() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let add = ["connection", "add", "Here", "--url", &database.url, "--environment", "production"];
    let _ = cli.run(&[&add[..], &["--migrations-folder", folder.path()]].concat()).expect(0);
    let rehearse = ["migrate", "rehearse", "--connection", "Here", "--yes"];
    let refused = cli.run(&rehearse).expect(4);
    assert!(refused.err.contains(&format!("--confirm {}", database.name)), "{}", refused.err);
    let _ = cli.run(&[&rehearse[..], &["--confirm", &database.name]].concat()).expect(0);
}

/// Whatever is in the database, and how much holds a lock in it.
async fn everything(database: &TestDatabase) -> Option<String> {
    let sql = "select (select count(*) from pg_class) || ' ' || (select count(*) from pg_attribute) || ' '
        || (select count(*) from pg_namespace) || ' ' || (select string_agg(oid || relfilenode::text, ' ' order by oid)
            from pg_class where relnamespace = 'public'::regnamespace)
        || ' ' || (select count(*) from pg_locks where locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database()))";
    database.value(sql).await
}

#[tokio::test]
async fn in_every_place_the_locks_are_measured_and_nothing_is_left() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table t (id int); insert into t select generate_series(1, 100)").await;
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int);\nalter table t alter column id type text;\n")
        .file("2_b.up.sql", "-- evaldesk: no-transaction\ncreate index concurrently t_by_id on t (id);\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let before = everything(&database).await;
    for (place, concurrently) in [
        ("here", "not rehearsed"),
        ("schema", "SHARE UPDATE EXCLUSIVE on t"),
        ("clone", "SHARE UPDATE EXCLUSIVE on t"),
    ] {
        let rehearsed = cli.run(&[&["migrate", "rehearse", "--on", place], &with[..]].concat()).expect(0);
        let line = |words: &str| {
            let found = rehearsed.out.lines().find(|line| line.contains(words));
            found.unwrap_or_else(|| panic!("{place} says nothing of {words}: {}", rehearsed.out)).to_owned()
        };
        assert!(line("alter table t").contains("ACCESS EXCLUSIVE on t"), "{place}: {}", rehearsed.out);
        assert!(line("alter table t").contains("rewrote t"), "{place}: {}", rehearsed.out);
        assert!(line("create index").contains(concurrently), "{place}: {}", rehearsed.out);
        assert!(rehearsed.out.contains("schema: table a added"), "{place}: {}", rehearsed.out);
        assert!(rehearsed.err.contains("Nothing was kept"), "{place}: {}", rehearsed.err);
        assert_eq!(everything(&database).await, before, "{place}");
        no_copy_is_left(&database).await;
    }
}

#[tokio::test]
async fn what_fails_on_a_copy_fails_the_rehearsal_and_the_copy_goes() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table t (id int); insert into t values (1), (1)").await;
    let folder = Folder::new(&cli).file("1_a.up.sql", "alter table t add primary key (id);\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let on =
        |place, code| cli.run(&[&["migrate", "rehearse", "--on", place], &with[..]].concat()).expect(code);
    let failed = on("clone", 1);
    assert!(
        failed.err.contains("statement 1 of 1") && failed.err.contains("could not create unique index"),
        "{}",
        failed.err
    );
    // Without its rows the same statement passes, and the output says what that is worth.
    assert!(on("schema", 0).err.contains("Without rows"));
    assert!(on("here", 1).err.contains("could not create unique index"));
    no_copy_is_left(&database).await;
    let _ = cli.run(&[&["migrate", "rehearse", "--on", "nowhere"], &with[..]].concat()).expect(2);
}

#[tokio::test]
async fn who_keeps_a_database_from_being_cloned_is_named_and_the_schema_still_goes() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let mut other = database.session().await;
    sqlx::raw_sql("set application_name = 'somebody'").execute(&mut other).await.unwrap();
    let refused = cli.run(&[&["migrate", "rehearse", "--on", "clone"], &with[..]].concat()).expect(1);
    assert!(
        refused.err.contains("somebody") && refused.err.contains("copy of the schema"),
        "{}",
        refused.err
    );
    let _ = cli.run(&[&["migrate", "rehearse", "--on", "schema"], &with[..]].concat()).expect(0);
    no_copy_is_left(&database).await;
}

#[tokio::test]
async fn a_role_that_may_make_no_database_rehearses_where_it_is() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let role = format!("rehearses_{}", database.cluster().port());
    database
        .run(&format!("create role {role} login password 'p'; grant all on schema public to {role}"))
        .await;
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let url = database.url_as(&role, "p");
    let with = ["--url", url.as_str(), "--folder", folder.path()];
    for place in ["schema", "clone"] {
        let refused = cli.run(&[&["migrate", "rehearse", "--on", place], &with[..]].concat()).expect(1);
        assert!(refused.err.contains("hint:"), "{}", refused.err);
        assert!(refused.err.to_lowercase().contains("createdb"), "{}", refused.err);
    }
    let _ = cli.run(&[&["migrate", "rehearse"], &with[..]].concat()).expect(0);
    assert!(gone(&database, "a").await);
}

#[tokio::test]
async fn a_rehearsal_waits_for_a_lock_as_long_as_it_is_told_wherever_that_is_written() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table t (id int)").await;
    let folder = Folder::new(&cli).file("1_a.up.sql", "alter table t add column more int");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let mut holder = database.session().await;
    sqlx::raw_sql("begin; lock table t").execute(&mut holder).await.unwrap();
    let short =
        cli.run(&[&["migrate", "rehearse", "up", "--lock-timeout", "50"], &with[..]].concat()).expect(1);
    assert!(short.err.contains("lock"), "{}", short.err);
    let held = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(4)).await;
        sqlx::raw_sql("commit").execute(&mut holder).await.unwrap();
    });
    let words = ["migrate", "rehearse", "up", "--lock-timeout", "60000"].map(str::to_owned);
    let words = words.into_iter().chain(with.map(str::to_owned)).collect::<Vec<_>>();
    let waited = tokio::task::spawn_blocking(move || {
        let words = words.iter().map(String::as_str).collect::<Vec<_>>();
        cli.run(&words).expect(0)
    });
    assert!(waited.await.unwrap().out.contains("ACCESS EXCLUSIVE on t"));
    held.await.unwrap();
}
