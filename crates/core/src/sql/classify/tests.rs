use super::*;

/// Statements that a read-only connection sends, with what they are.
const ALLOWED: &[(&str, Effect)] = &[
    ("select 1", Effect::Read),
    ("SELECT count(*), max(id) FROM runs AS r WHERE r.name ILIKE '%x%' -- end", Effect::Read),
    ("select 1;", Effect::Read),
    ("(select a from t) union all (select b from u order by 1 limit 3)", Effect::Read),
    ("values (1, 'a'), (2, null)", Effect::Read),
    ("table evaluation_runs", Effect::Read),
    ("with a as (select 1 as x), b(y) as materialized (select x from a) select * from b", Effect::Read),
    (
        "with recursive t(n) as (values (1) union all select n + 1 from t where n < 9) select sum(n) from t",
        Effect::Read,
    ),
    ("select data->'a'->>'b', data @> '{\"x\": 1}', data #>> '{a,b}', data ? 'k' from spans", Effect::Read),
    (
        "select row_number() over (partition by a order by b rows between 1 preceding and current row) from t",
        Effect::Read,
    ),
    ("select percentile_cont(0.5) within group (order by x) filter (where x > 0) from t", Effect::Read),
    (
        "select x::numeric(10, 2), cast(y as timestamptz), date '2020-01-01', interval '1 day', z::text[] from t",
        Effect::Read,
    ),
    ("select a.b.c, (t).x, t.* from t, lateral jsonb_each(t.data) as e(k, v)", Effect::Read),
    (
        "select * from generate_series(1, 10) with ordinality as g(n, i), t tablesample system (1)",
        Effect::Read,
    ),
    (
        "select extract(epoch from now()), substring(a from 1 for 2), trim(both ' ' from a), position('a' in b)",
        Effect::Read,
    ),
    (
        "select case when a = any (array[1, 2]) then coalesce(b, nullif(c, '')) end from t where d in (1, 2)",
        Effect::Read,
    ),
    ("select a operator(pg_catalog.+) b, pg_catalog.lower(c), pg_catalog.\"char\" 'x' from t", Effect::Read),
    ("select '; delete from t', $$ drop table x $$, e'\\'', U&'d\\0061t' from t /* insert */", Effect::Read),
    (
        "select distinct on (a) * from t order by a using <, b nulls last fetch first 3 rows with ties",
        Effect::Read,
    ),
    (
        "select to_regclass('x')::oid::regclass, pg_total_relation_size('t'), current_setting('work_mem')",
        Effect::Read,
    ),
    ("select $1::int + $2", Effect::Read),
    (
        "select json_value(a, '$.x' returning int), xmlelement(name b, c), json_object('a': 1), json_arrayagg(x)",
        Effect::Read,
    ),
    (
        "select * from json_table(x, '$[*]' columns (a int path '$.a', nested path '$.b' columns (c text))) as j",
        Effect::Read,
    ),
    ("select * from xmltable('/r' passing x columns a int path 'a', n for ordinality) as t", Effect::Read),
    (
        "select grouping(a), greatest(1, 2) from t group by grouping sets ((a), cube (b, c), rollup (d))",
        Effect::Read,
    ),
    ("explain select * from t", Effect::Read),
    ("explain (analyze, buffers, format json) select * from t", Effect::Read),
    ("explain (costs off) update t set a = 1 where b = 2 returning *", Effect::Read),
    ("explain delete from t using u where t.id = u.id", Effect::Read),
    (
        "explain insert into t (a, b) values (1, default) on conflict (a) do update set b = excluded.b",
        Effect::Read,
    ),
    ("copy t to stdout", Effect::Read),
    ("copy t (a, b) to stdout with (format csv, header)", Effect::Read),
    ("copy (select * from t) to stdout", Effect::Read),
    ("show all", Effect::Read),
    ("show transaction_read_only", Effect::Read),
    ("declare c no scroll cursor with hold for select * from t", Effect::Read),
    ("fetch forward 10 from c", Effect::Read),
    ("close c", Effect::Read),
    ("begin", Effect::Transaction),
    ("start transaction isolation level repeatable read, read only", Effect::Transaction),
    ("set transaction isolation level serializable", Effect::Transaction),
    ("commit and chain", Effect::Transaction),
    ("savepoint a", Effect::Transaction),
    ("rollback to savepoint a", Effect::Transaction),
    ("release a", Effect::Transaction),
    ("set statement_timeout = '5s'", Effect::Session),
    ("set local enable_seqscan to off", Effect::Session),
    ("set time zone 'Europe/Berlin'", Effect::Session),
    ("set search_path to a, \"B\"", Effect::Session),
    ("reset work_mem", Effect::Session),
];

#[test]
fn what_only_reads_is_allowed() {
    for (sql, effect) in ALLOWED {
        let found = classify(sql);
        assert_eq!((found.refused, found.effect), (None, *effect), "{sql}");
    }
}

/// Statements that a read-only connection refuses, with a word of why.
const REFUSED: &[(&str, Effect, &str)] = &[
    ("", Effect::Unknown, "not one statement"),
    ("select 1; select 2", Effect::Unknown, "not one statement"),
    ("insert into t values (1)", Effect::Write, "writes"),
    ("update t set a = 1", Effect::Write, "writes"),
    ("delete from t", Effect::Write, "writes"),
    ("merge into t using u on t.a = u.a when matched then delete", Effect::Write, "writes"),
    ("truncate t", Effect::Write, "writes"),
    ("with gone as (delete from t returning *) select * from gone", Effect::Write, "changes rows"),
    ("with x as (select 1) insert into t select * from x", Effect::Write, "writes"),
    ("select * into u from t", Effect::Ddl, "makes a table"),
    ("create table t as select 1", Effect::Ddl, "catalog"),
    ("create temp table t ()", Effect::Ddl, "catalog"),
    ("drop table t", Effect::Ddl, "catalog"),
    ("alter system set work_mem = '1MB'", Effect::Ddl, "catalog"),
    ("vacuum t", Effect::Ddl, "tends"),
    ("analyze t", Effect::Ddl, "tends"),
    ("checkpoint", Effect::Ddl, "tends"),
    ("refresh materialized view m", Effect::Write, "writes"),
    ("grant select on t to public", Effect::Ddl, "catalog"),
    ("select pg_terminate_backend(1)", Effect::Unknown, "ends another session"),
    ("select pg_catalog.pg_terminate_backend(1)", Effect::Unknown, "ends another session"),
    ("select PG_CATALOG . PG_TERMINATE_BACKEND /* x */ (1)", Effect::Unknown, "ends another session"),
    ("select \"pg_terminate_backend\"(pid) from pg_stat_activity", Effect::Unknown, "ends another session"),
    ("select U&\"pg\\005fterminate_backend\"(1)", Effect::Unknown, "unicode escapes"),
    ("select * from pg_terminate_backend(1)", Effect::Unknown, "ends another session"),
    (
        "select * from rows from (generate_series(1, 2), pg_advisory_lock(1))",
        Effect::Unknown,
        "lock that others",
    ),
    ("select 1 order by pg_notify('a', 'b')", Effect::Unknown, "notification"),
    ("select 1 limit nextval('s')", Effect::Unknown, "moves a sequence"),
    ("values (setval('s', 1))", Effect::Unknown, "moves a sequence"),
    ("select set_config('transaction_read_only', 'off', false)", Effect::Unknown, "changes a setting"),
    ("select lo_import('/etc/passwd')", Effect::Unknown, "large objects"),
    ("select query_to_xml('delete from t', true, true, '')", Effect::Unknown, "runs the SQL"),
    ("select * from dblink('host=x', 'delete from t') as t(a int)", Effect::Unknown, "runs the SQL"),
    ("select ts_rewrite('a'::tsquery, 'select 1')", Effect::Unknown, "runs the SQL"),
    ("select pg_read_file('/etc/passwd')", Effect::Unknown, "reads a file"),
    ("select txid_current()", Effect::Unknown, "a number"),
    ("select my_function(1)", Effect::Unknown, "not known to only read"),
    ("select app.count(1)", Effect::Unknown, "not known to only read"),
    ("select over(1)", Effect::Unknown, "not known to only read"),
    ("select a from t where b = app.f(c)", Effect::Unknown, "not known to only read"),
    ("select a operator(app.+) b from t", Effect::Unknown, "operator"),
    ("select 1 order by 1 using operator(app.<)", Effect::Unknown, "operator"),
    ("select '1'::app.odd", Effect::Unknown, "type app.odd"),
    ("select cast(x as odd[]) from t", Effect::Unknown, "type odd"),
    ("select odd '1'", Effect::Unknown, "type odd"),
    ("select odd(1)", Effect::Unknown, "not known to only read"),
    ("select \"int\" '1'", Effect::Unknown, "type int"),
    ("select * from json_to_record('{}') as x(a odd)", Effect::Unknown, "type odd"),
    ("select \"coalesce\"(1)", Effect::Unknown, "not known to only read"),
    ("select * from json_table(x, '$' columns (a odd path '$.a')) as j", Effect::Unknown, "type odd"),
    ("select db.app.f(1)", Effect::Unknown, ""),
    ("select * from t for update", Effect::Unknown, "locks the rows"),
    ("select * from t for key share skip locked", Effect::Unknown, "locks the rows"),
    ("with x as (select * from t for share) select * from x", Effect::Unknown, "locks the rows"),
    ("do $$ begin null; end $$", Effect::Unknown, "cannot be told"),
    ("call p()", Effect::Unknown, "cannot be told"),
    ("prepare p as select 1", Effect::Unknown, "cannot be told"),
    ("execute p", Effect::Unknown, "cannot be told"),
    ("load 'auto_explain'", Effect::Unknown, "cannot be told"),
    ("copy t from stdin", Effect::Write, "writes rows"),
    ("copy t from program 'id'", Effect::Write, "writes rows"),
    ("copy t to '/tmp/x'", Effect::Write, "file"),
    ("copy t to program 'id'", Effect::Write, "program"),
    ("copy (select 1) to program 'id'", Effect::Write, "program"),
    ("copy (delete from t returning *) to stdout", Effect::Unknown, "not a query"),
    ("copy (select nextval('s')) to stdout", Effect::Unknown, "moves a sequence"),
    ("explain analyze delete from t", Effect::Write, "analyze runs the statement"),
    ("explain (analyze off, analyze) delete from t", Effect::Write, "analyze runs the statement"),
    ("explain (verbose, \"analyze\") delete from t", Effect::Write, "analyze runs the statement"),
    ("explain analyze select nextval('s')", Effect::Unknown, "moves a sequence"),
    ("explain select my_function(1)", Effect::Unknown, "not known to only read"),
    ("explain update t set a = my_function(1)", Effect::Unknown, "not known to only read"),
    ("explain analyze create table t as select 1", Effect::Ddl, "analyze runs the statement"),
    ("explain execute p", Effect::Unknown, "neither a query"),
    ("declare c cursor for select nextval('s')", Effect::Unknown, "moves a sequence"),
    ("declare c cursor for select * from t for update", Effect::Unknown, "locks the rows"),
    ("begin read write", Effect::Transaction, "one that writes"),
    ("start transaction isolation level serializable, read write", Effect::Transaction, "one that writes"),
    ("set transaction read write", Effect::Transaction, "one that writes"),
    ("set session characteristics as transaction read write", Effect::Transaction, "one that writes"),
    ("prepare transaction 'x'", Effect::Write, "writes"),
    ("commit prepared 'x'", Effect::Write, "writes"),
    ("rollback prepared 'x'", Effect::Write, "writes"),
    ("set default_transaction_read_only = off", Effect::Session, "harmless"),
    ("set session \"transaction_read_only\" to off", Effect::Session, "harmless"),
    ("set local standard_conforming_strings = off", Effect::Session, "harmless"),
    ("set search_path to public, pg_catalog", Effect::Session, "pg_catalog"),
    ("set role postgres", Effect::Session, "harmless"),
    ("set session authorization default", Effect::Session, "harmless"),
    ("set names 'utf8'", Effect::Session, "followed"),
    ("reset all", Effect::Session, "read-only among them"),
    ("reset default_transaction_read_only", Effect::Session, "harmless"),
    ("reset role", Effect::Session, "harmless"),
    ("discard all", Effect::Session, "harmless"),
    ("listen c", Effect::Session, "listens"),
    ("notify c", Effect::Write, "writes"),
    ("lock table t", Effect::Session, "harmless"),
    ("frobnicate t", Effect::Unknown, ""),
    ("select 1 where", Effect::Unknown, "followed"),
];

#[test]
fn what_is_not_proven_a_read_is_refused_and_says_why() {
    for (sql, effect, word) in REFUSED {
        let found = classify(sql);
        let why = found.refused.unwrap_or_else(|| panic!("{sql} is taken for a read"));
        assert!(why.contains(word), "{sql}: {why}");
        assert!(found.effect == *effect || word.is_empty(), "{sql}: {:?}", found.effect);
    }
}

#[test]
fn what_only_one_scanner_sees_is_refused() {
    for sql in [
        // A line comment of the server ends at a carriage return too.
        "select 1 -- \r, pg_terminate_backend(1)",
        // White space beyond ASCII is part of a word.
        "select\u{a0}1",
        // Two words before PostgreSQL 15.
        "select 1pg_sleep(1)",
        "select e'a'\n  '\\', pg_terminate_backend(1), '",
    ] {
        assert!(classify(sql).refused.is_some(), "{sql:?}");
    }
}

#[test]
fn a_statement_that_goes_deeper_than_anybody_follows_is_refused() {
    let deep = format!("select {}1{}", "(".repeat(30_000), ")".repeat(30_000));
    assert!(classify(&deep).refused.unwrap().contains("too deep"));
    let long = format!("select {}", vec!["1"; 5_000].join(" + "));
    assert_eq!(classify(&long).refused, None);
}

#[test]
fn the_verb_is_what_a_person_calls_the_statement() {
    for (sql, expected) in [
        ("update t set a = 1", "UPDATE"),
        ("create or replace temp view v as select 1", "CREATE VIEW"),
        ("drop materialized view m", "DROP MATERIALIZED VIEW"),
        ("-- a\n (select 1)", "SELECT"),
        ("alter table t add a int", "ALTER TABLE"),
        ("create unique index on t (a)", "CREATE INDEX"),
    ] {
        assert_eq!(classify(sql).verb, expected, "{sql}");
    }
}

fn context() -> ClassifyContext {
    let known = |trusted, by_field| vec![Known { schema: "public".to_owned(), trusted, by_field }];
    let mut context = ClassifyContext::default();
    context.functions.insert("count".to_owned(), known(false, true));
    context.functions.insert("json_value".to_owned(), known(false, false));
    context.functions.insert("similarity".to_owned(), known(true, false));
    context.functions.insert("secret".to_owned(), known(false, true));
    context.operators.insert("<->".to_owned(), known(true, false));
    context.operators.insert("@@@".to_owned(), known(false, false));
    context.types.insert("mood".to_owned(), known(true, false));
    context.types.insert("checked".to_owned(), known(false, false));
    let why = "v is a view that calls a function".to_owned();
    context.relations.insert(("app".to_owned(), "v".to_owned()), why);
    context
}

#[test]
fn the_catalog_decides_what_a_name_means() {
    let context = context();
    for (sql, word) in [
        ("select count(*) from t", Some("user made")),
        ("select json_value(a, '$.b') from t", Some("user made")),
        ("select json_query(a, '$.b') from t", None),
        ("select similarity(a, b) from t", None),
        ("select public.similarity(a, b) from t", None),
        ("select app.similarity(a, b) from t", Some("not known")),
        ("select t.secret from t", Some("after a dot")),
        ("select secret from t", None),
        ("select a <-> b from t", None),
        ("select a @@@ b from t", Some("operator")),
        ("select 'x'::mood, 'x'::public.mood[]", None),
        ("select 'x'::checked", Some("type checked")),
        ("select * from v", Some("is a view")),
        ("select * from app.v", Some("is a view")),
        ("select * from other.v", None),
        ("table v", Some("is a view")),
        ("copy app.v to stdout", Some("is a view")),
    ] {
        let refused = classify_with(sql, &context).refused;
        match word {
            None => assert_eq!(refused, None, "{sql}"),
            Some(word) => {
                assert!(refused.as_ref().is_some_and(|why| why.contains(word)), "{sql}: {refused:?}");
            }
        }
    }
}

#[test]
fn an_operator_that_sql_has_a_word_for_counts_without_its_symbol() {
    let mut context = ClassifyContext::default();
    let own = vec![Known { schema: "public".to_owned(), trusted: false, by_field: false }];
    context.operators.insert("=".to_owned(), own);
    assert!(classify_with("select a in (1, 2) from t", &context).refused.is_some());
}

#[test]
fn a_search_path_with_something_before_pg_catalog_makes_no_name_sure() {
    let context =
        ClassifyContext { path: Some("the search path is odd".to_owned()), ..ClassifyContext::default() };
    assert!(classify_with("select lower('A')", &context).refused.is_some());
}
