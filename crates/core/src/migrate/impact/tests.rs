//! What a statement stops, for the forms that migrations use.

use super::*;

const SHARE_UPDATE: &str = "SHARE UPDATE EXCLUSIVE";
const SHARE: &str = "SHARE";
const SHARE_ROW: &str = "SHARE ROW EXCLUSIVE";
const ACCESS: &str = "ACCESS EXCLUSIVE";

fn check(statement: &str, lock: Option<&str>, relations: &[&str], consequence: &str) {
    let found = impact(statement, &mut HashSet::new());
    assert_eq!(found.lock.as_deref(), lock, "{statement}");
    assert_eq!(found.relations, relations, "{statement}");
    assert_eq!(found.consequence, consequence, "{statement}");
}

#[test]
fn an_index_stops_writes_unless_concurrently() {
    check("create unique index i on public.t (a)", Some(SHARE), &["public.t"], "every write waits");
    check(
        "create index concurrently if not exists i on only t (a)",
        Some(SHARE_UPDATE),
        &["t"],
        "reads and writes go on",
    );
    check("drop index concurrently if exists i", Some(SHARE_UPDATE), &["i"], "reads and writes go on");
    check("drop index i, j", Some(ACCESS), &["i", "j"], "reads and writes wait");
    check("reindex (verbose, concurrently) table t", Some(SHARE_UPDATE), &["t"], "reads and writes go on");
}

#[test]
fn a_foreign_key_stops_writes_on_both_sides() {
    check(
        "alter table results add constraint fk foreign key (run) references \"runs\" (id) not valid",
        Some(SHARE_ROW),
        &["results", "runs"],
        "writes to 2 tables wait",
    );
    check("alter table t validate constraint fk", Some(SHARE_UPDATE), &["t"], "reads and writes go on");
    check("alter table t rename column a to b", Some(ACCESS), &["t"], "reads and writes wait");
    check(
        "alter table t add constraint c unique (a), validate constraint fk",
        Some(ACCESS),
        &["t"],
        "reads and writes wait while every row is checked",
    );
}

#[test]
fn maintenance_goes_on_except_in_full() {
    check("vacuum (analyze) t", Some(SHARE_UPDATE), &["t"], "reads and writes go on");
    let anew = "reads and writes wait while the table is written anew";
    check("vacuum full t", Some(ACCESS), &["t"], anew);
    check("vacuum (full, analyze) t", Some(ACCESS), &["t"], anew);
    check("vacuum (full false) t", Some(SHARE_UPDATE), &["t"], "reads and writes go on");
    check("vacuum", Some(SHARE_UPDATE), &[], "reads and writes go on, one table after the other");
}

#[test]
fn what_is_new_keeps_nobody_waiting() {
    let mut new = HashSet::new();
    assert_eq!(impact("create table a (id int)", &mut new).consequence, "new table, nobody waits");
    let b = impact("create table b (a int references a (id), c int references c (id))", &mut new);
    assert_eq!((b.lock.as_deref(), b.relations), (Some(SHARE_ROW), vec!["c".to_owned()]));
    assert_eq!(impact("create index i on public.b (a)", &mut new).blocks, Blocks::Nobody);
}

#[test]
fn what_it_does_not_know_it_says() {
    assert_eq!(impact("do $$ begin end $$", &mut HashSet::new()).blocks, Blocks::Unknown);
    assert_eq!(impact("frobnicate t", &mut HashSet::new()).blocks, Blocks::Unknown);
    assert_eq!(impact("", &mut HashSet::new()).blocks, Blocks::Unknown);
}

#[test]
fn a_partition_is_stopped_and_its_parent_goes_on() {
    check(
        "alter table p attach partition p1 for values in (1)",
        Some(ACCESS),
        &["p1"],
        "reads and writes wait while every row is checked",
    );
    check("alter table p detach partition p1 concurrently", Some(ACCESS), &["p1"], "reads and writes wait");
    check("create index on only p (a)", Some(SHARE), &["p"], "every write waits");
    check("create table p1 partition of p default", Some(ACCESS), &["p"], "reads and writes wait");
}

#[test]
fn what_is_gone_for_good_is_said() {
    check("drop table a, b", Some(ACCESS), &["a", "b"], "reads and writes wait; the rows are gone for good");
    check("truncate t", Some(ACCESS), &["t"], "reads and writes wait; every row is gone for good");
    check(
        "alter table t drop column a",
        Some(ACCESS),
        &["t"],
        "reads and writes wait; the column's values are gone for good",
    );
}

#[test]
fn rows_that_are_written_stop_only_who_wants_the_same() {
    let rows = "reads and writes go on; writes to the same rows wait";
    check(
        "with gone as (delete from a returning *) insert into b select * from gone",
        Some("ROW EXCLUSIVE"),
        &["b", "a"],
        rows,
    );
    check("select * from t", None, &[], "reads and writes go on");
}

/// What the user is shown of every statement that is compiled in.
#[test]
fn nothing_of_ours_stops_a_write_except_the_rename() {
    let mut shown = String::new();
    for migration in crate::migrate::MigrationSet::embedded().unwrap().iter() {
        let mut new = HashSet::new();
        for script in [Some(&migration.up), migration.down.as_ref()].into_iter().flatten() {
            for found in script.statements.iter().map(|statement| impact(&statement.text, &mut new)) {
                let lock = found.lock.as_deref().unwrap_or("-");
                let line = format!("{}: {lock} {:?}: {}\n", script.file, found.relations, found.consequence);
                // The many indexes of the new tables are all alike.
                shown = if shown.ends_with(&line) { shown } else { shown + &line };
            }
            new.clear();
        }
    }
    insta::assert_snapshot!(shown);
}
