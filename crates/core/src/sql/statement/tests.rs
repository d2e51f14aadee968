//! Descriptions of the forms that migrations use.

use super::*;
use crate::sql::LockMode::{self, *};

fn touches(sql: &str) -> Vec<(String, LockMode)> {
    describe(sql).touches.into_iter().map(|touch| (touch.relation, touch.mode)).collect()
}

#[track_caller]
fn check(sql: &str, expected: &[(&str, LockMode)]) {
    let found = touches(sql);
    let found: Vec<_> = found.iter().map(|(name, mode)| (name.as_str(), *mode)).collect();
    assert_eq!(found, expected, "{sql}");
    assert!(describe(sql).complete, "{sql}");
}

#[track_caller]
fn costs(sql: &str, major: u32, rewrites: bool, scans: bool) {
    let effects = describe_on(sql, major);
    let touch = effects.touches.first().unwrap_or_else(|| panic!("{sql} touches nothing"));
    assert_eq!((touch.rewrites, touch.scans), (rewrites, scans), "{sql} on {major}");
}

#[test]
fn each_action_of_alter_table_has_its_own_lock() {
    check("alter table t alter column a set statistics 100", &[("t", ShareUpdateExclusive)]);
    check("alter table t set (fillfactor = 70)", &[("t", ShareUpdateExclusive)]);
    check("alter table t disable trigger all", &[("t", ShareRowExclusive)]);
    check("alter table t validate constraint c", &[("t", ShareUpdateExclusive)]);
    check("alter table t add constraint c check (a > 0) not valid", &[("t", AccessExclusive)]);
    check(
        "alter table t alter column a set statistics 100, alter column b set default 1",
        &[("t", AccessExclusive)],
    );
    check(
        "alter table only a.\"T\" add foreign key (x) references u",
        &[("a.\"T\"", ShareRowExclusive), ("u", ShareRowExclusive)],
    );
    check("alter index i rename to j", &[("i", ShareUpdateExclusive)]);
    check("alter sequence s restart", &[("s", ShareRowExclusive)]);
    check("comment on column public.t.a is 'x'", &[("public.t", ShareUpdateExclusive)]);
    check("comment on table t is 'x'", &[("t", ShareUpdateExclusive)]);
}

#[test]
fn a_table_is_written_anew_where_values_differ_by_row() {
    costs("alter table t add column a int default 1", 18, false, false);
    costs("alter table t add column a timestamptz not null default now()", 18, false, false);
    costs("alter table t add column a uuid default gen_random_uuid()", 18, true, true);
    costs("alter table t add column a bigserial", 18, true, true);
    costs("alter table t add column a int generated always as (b + 1)", 17, true, true);
    costs("alter table t add column a int generated always as (b + 1)", 18, false, false);
    costs("alter table t add column a int generated always as (b + 1) stored", 18, true, true);
    costs("alter table t alter column a type bigint", 18, true, true);
    costs("alter table t set logged", 18, true, true);
}

#[test]
fn a_table_is_read_where_its_rows_have_to_agree() {
    costs("alter table t alter column a set not null", 18, false, true);
    costs("alter table t add constraint c check (a > 0)", 18, false, true);
    costs("alter table t add constraint c check (a > 0) not valid", 18, false, false);
    costs("alter table t add constraint c unique using index i", 18, false, false);
    costs("alter table t add column a int not null", 18, false, true);
    costs("alter table t add column a int references u", 18, false, false);
    costs("alter table t add column a int default 1 references u", 18, false, true);
    costs("alter table t attach partition p for values in (1)", 18, false, false);
}

#[test]
fn what_a_transaction_may_not_hold_is_known() {
    use InTransaction::{Allowed, Controls, Forbidden};
    for (sql, expected) in [
        ("vacuum t", Forbidden),
        ("create index concurrently on t (a)", Forbidden),
        ("drop index concurrently i", Forbidden),
        ("reindex (concurrently) index i", Forbidden),
        ("reindex index i", Allowed),
        ("reindex schema s", Forbidden),
        ("alter system set work_mem = '1GB'", Forbidden),
        ("alter table p detach partition q concurrently", Forbidden),
        ("create database d", Forbidden),
        ("cluster t using i", Allowed),
        ("begin", Controls),
        ("commit and chain", Controls),
        ("savepoint a", Allowed),
        ("rollback to a", Allowed),
        ("rollback", Controls),
        ("do $$ begin insert into t values (1); commit; end $$", Forbidden),
        ("do $x$ begin raise notice 'commit'; end $x$", Allowed),
    ] {
        assert_eq!(describe(sql).transaction, expected, "{sql}");
    }
    assert_eq!(describe_on("alter type e add value 'x'", 11).transaction, Forbidden);
    assert_eq!(describe_on("alter type e add value 'x'", 12).transaction, Allowed);
}

#[test]
fn what_is_made_and_dropped_is_named() {
    let effects = describe("create table s.t (a int primary key, \"B c\" text, constraint k check (a > 0))");
    let named: Vec<_> = effects.creates.iter().map(|object| (object.kind, object.name.as_str())).collect();
    use ObjectKind::*;
    assert_eq!(named, [(Table, "s.t"), (Column, "a"), (Column, "\"B c\""), (Constraint, "k")]);
    let dropped =
        |sql| describe(sql).drops.into_iter().map(|object| (object.kind, object.name)).collect::<Vec<_>>();
    assert_eq!(dropped("drop function f(int), g"), [(Function, "f".into()), (Function, "g".into())]);
    assert_eq!(dropped("alter table t drop column if exists a cascade"), [(Column, "a".into())]);
    assert_eq!(dropped("drop extension if exists \"uuid-ossp\""), [(Extension, "\"uuid-ossp\"".into())]);
    let renamed = describe("alter table t rename column a to b").renames;
    assert_eq!((renamed[0].from.as_str(), renamed[0].to.as_str()), ("a", "b"));
}

#[test]
fn an_index_that_is_built_concurrently_is_named_with_its_table() {
    let built =
        describe("create unique index concurrently if not exists i on only s.t (a)").concurrently_builds;
    let expected = ConcurrentBuild { index: Some("i".into()), table: "s.t".into(), if_not_exists: true };
    assert_eq!(built, Some(expected));
    assert_eq!(describe("create index on t (a)").concurrently_builds, None);
}

#[test]
fn rows_are_read_and_written_where_the_query_says() {
    check(
        "with x as (select * from a) update b set v = 1 from x, c where true",
        &[("b", RowExclusive), ("a", AccessShare), ("c", AccessShare)],
    );
    check("select * from a join b using (id) for update", &[("a", RowShare), ("b", RowShare)]);
    check("explain delete from t", &[]);
    check("explain (analyze) delete from t", &[("t", RowExclusive)]);
    check(
        "merge into t using s on t.a = s.a when matched then delete",
        &[("t", RowExclusive), ("s", AccessShare)],
    );
    check("copy t to stdout", &[("t", AccessShare)]);
}

#[test]
fn what_the_text_does_not_tell_is_left_open() {
    for sql in ["do $$ begin null; end $$", "call p()", "drop table t cascade", "vacuum", "selec 1", ""] {
        assert!(!describe(sql).complete, "{sql}");
    }
}
