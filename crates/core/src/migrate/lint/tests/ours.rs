//! Our own rules: a text that each finds, and one beside it that it leaves alone.

use super::*;

/// Each rule speaks of the first text and is silent of the second.
#[track_caller]
fn tells_apart(rule: &str, bad: &str, good: &str, context: &LintContext) {
    let has = |text: &str| rules_with(text, context).iter().any(|found| found == rule);
    assert!(has(bad), "{rule} says nothing of {bad}: {:?}", rules_with(bad, context));
    assert!(!has(good), "{rule} speaks of {good}");
}

#[track_caller]
fn check(rule: &str, bad: &str, good: &str) {
    tells_apart(rule, bad, good, &LintContext { server_major: 17, ..LintContext::default() });
}

#[test]
fn a_file_that_is_no_sql_alone() {
    check("unreadable-file", "select 1;\n\\d t", "select '\\d t';");
    check("unreadable-file", "copy t from stdin;\n1\n\\.\n", "copy t to stdout;");
    check("syntax-error", "select 1;\nselect from where", "select 1;");
}

#[test]
fn transactions_of_the_files_own() {
    check("controls-transaction", "begin; select 1; commit;", "savepoint a; release a;");
    check("needs-no-transaction", "drop index concurrently i;", "drop index i;");
    check("needs-no-transaction", "vacuum t;", "analyze t;");
    let alone = statement_by_statement();
    tells_apart("needless-no-transaction", "select 1; select 2;", "select 1; vacuum t;", &alone);
    check(
        "new-enum-value-used",
        "alter type e add value 'x'; update t set a = 'x' where b = 1;",
        "alter type e add value 'x';",
    );
}

#[test]
fn locks_that_are_held_while_much_is_read() {
    check(
        "lock-held-long",
        "alter table t add column a int; update t set a = 1 where b = 1;",
        "update t set a = 1 where b = 1; alter table t add column b int;",
    );
    check("table-rewrite", "alter table t set logged;", "alter table t set (fillfactor = 90);");
    check("table-rewrite", "refresh materialized view v;", "refresh materialized view concurrently v;");
    check(
        "scan-under-lock",
        "alter table p attach partition q for values in (1);",
        "alter table p detach partition q;",
    );
    let alone = statement_by_statement();
    tells_apart("vacuum-full", "vacuum (full, analyze) t;", "vacuum t;", &alone);
    tells_apart("vacuum-by-hand", "vacuum t;", "analyze t;", &alone);
}

#[test]
fn indexes() {
    let large = knowing("t", LARGE);
    tells_apart(
        "large-index-build",
        "create index i on t using gin (data);",
        "create index concurrently i on t (a);",
        &large,
    );
    tells_apart(
        "large-index-build",
        "create index i on t (a);",
        "create table t (a int); create index i on t (a);",
        &large,
    );
    check("build-skips-invalid-index", "create index if not exists i on t (a);", "create index i on t (a);");
    let partitioned = knowing("t", TableFacts { partitioned: true, ..SMALL });
    let partitioned = LintContext { transactional: false, ..partitioned };
    tells_apart(
        "concurrently-on-partitioned",
        "create index concurrently i on t (a);",
        "create index i on only t (a);",
        &partitioned,
    );
    tells_apart(
        "not-valid-on-partitioned",
        "alter table t add foreign key (a) references u not valid;",
        "alter table t add foreign key (a) references u;",
        &partitioned,
    );
    check(
        "redundant-index",
        "create index i on t (a); create index j on t (a, b);",
        "create unique index i on t (a); create index j on t (a, b);",
    );
    check(
        "redundant-index",
        "create index i on t (a); create index j on t (a);",
        "create index i on t (a); create index j on t (a) where b;",
    );
    check(
        "gin-operator-class",
        "create index i on t using gin (data);",
        "create index i on t using gin (data jsonb_path_ops);",
    );
}

#[test]
fn foreign_keys_want_an_index() {
    let rule = "foreign-key-without-index";
    check(
        rule,
        "create table t (a int references u);",
        "create table t (a int references u); create index on t (a, b);",
    );
    check(
        rule,
        "create table t (a int, b int, foreign key (a, b) references u);",
        "create table t (a int, b int, foreign key (a, b) references u, primary key (b, a, c));",
    );
    check(
        rule,
        "create table t (b int, a int references u); create index on t (b, a);",
        "create table t (a int primary key references u);",
    );
}

#[test]
fn rows() {
    check("write-without-where", "delete from t;", "delete from t where a = 1;");
    check("write-without-where", "update t set a = 1;", "create table t (a int); update t set a = 1;");
    let large = knowing("t", LARGE);
    let batch = "delete from t where id in (select id from t where a = 1 limit 100);";
    tells_apart("unbatched-write", "delete from t where a = 1;", batch, &large);
    check("truncate", "truncate t;", "create table t (a int); truncate t;");
    check("insert-by-position", "insert into t select * from u;", "insert into t (a) select a from u;");
    check("drop-cascade", "alter table t drop column a cascade;", "alter table t drop column a;");
}

#[test]
fn types_and_what_takes_a_tables_place() {
    check(
        "json-instead-of-jsonb",
        "alter table t add column a json;",
        "alter table t add column a jsonb default '{}'::json::jsonb;",
    );
    check(
        "uuid-extension-needless",
        "create extension if not exists \"uuid-ossp\";",
        "create extension pg_trgm;",
    );
    check(
        "sequence-starts-again",
        "alter table t rename to t_old; create table t (id bigserial);",
        "alter table t rename to t_old; create table t (id bigint);",
    );
    let parted = "create table p (a int) partition by range (a); insert into p (a) select a from t;";
    check(
        "partitions-without-default",
        parted,
        &format!("{parted} create table p_rest partition of p default;"),
    );
}

#[test]
fn settings_and_secrets() {
    let alone = statement_by_statement();
    tells_apart("server-setting", "alter system set work_mem = '64MB';", "set work_mem = '64MB';", &alone);
    tells_apart(
        "setting-has-no-effect",
        "alter system set effective_cache_size = '4 GB';",
        "alter system set effective_cache_size = '12GB';",
        &alone,
    );
    tells_apart(
        "setting-needs-restart",
        "alter system set shared_buffers = '1GB';",
        "alter system set work_mem = '1GB';",
        &alone,
    );
    check("session-setting-stays", "set lock_timeout = '1s';", "set local lock_timeout = '1s';");
    check("secret-in-file", "create role r login password 'hunter2';", "create role r login;");
    let found = lint("alter role r with password 'hunter2';", &LintContext::default());
    assert!(!found.is_empty() && !format!("{found:?}").contains("hunter2"), "{found:?}");
}
