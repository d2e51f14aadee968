//! A read with parameters streams as any other, and means what the server's own EXECUTE means by it.

use evaldesk_core::query::{QueryParameter, QueryRange, QueryState, StatementOutcome};
use sqlx::AssertSqlSafe;
use support::{TestDatabase, any_database, for_each_version};

use crate::query_tab::{Tab, Texts, texts, until_running};

fn given(values: &[(&str, Option<&str>)]) -> Vec<QueryParameter> {
    let parameter = |(name, value): &(&str, Option<&str>)| QueryParameter {
        name: (*name).to_owned(),
        value: value.map(str::to_owned),
    };
    values.iter().map(parameter).collect()
}

/// Names of columns and rows of a statement that is prepared and executed, or the SQLSTATE.
async fn executed(
    database: &TestDatabase,
    settings: &str,
    sql: &str,
    values: &[Option<&str>],
) -> Result<(Vec<String>, Texts), String> {
    use sqlx::{Column as _, Row as _, ValueRef as _};
    let quoted = |value: &Option<&str>| match value {
        None => "null".to_owned(),
        Some(value) => format!(" e'{}'", value.replace('\\', "\\\\").replace('\'', "''")),
    };
    let list: Vec<String> = values.iter().map(quoted).collect();
    let mut session = database.session().await;
    let begin =
        format!("set timezone = 'UTC'; {settings}; prepare q as {sql}; execute q({})", list.join(", "));
    let begin = begin.replace("execute q()", "execute q");
    let rows = sqlx::raw_sql(AssertSqlSafe(begin)).fetch_all(&mut session).await;
    let rows = rows.map_err(|error| error.as_database_error().unwrap().code().unwrap().into_owned())?;
    let names = rows.first().map(|row| row.columns().iter().map(|column| column.name().to_owned()).collect());
    let cell = |row: &sqlx::postgres::PgRow, at: usize| {
        let value = row.try_get_raw(at).unwrap();
        (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
    };
    let texts = rows.iter().map(|row| (0..row.len()).map(|at| cell(row, at)).collect()).collect();
    Ok((names.unwrap_or_default(), texts))
}

fn failure(state: &QueryState) -> Option<String> {
    state
        .statements
        .iter()
        .find_map(|statement| statement.error.clone())
        .map(|error| error.sqlstate.unwrap_or_default())
}

/// The same of a tab.
async fn shown(tab: &Tab, sql: &str, values: &[Option<&str>]) -> Result<(Vec<String>, Texts), String> {
    let numbers: Vec<String> = (1..=values.len()).map(|number| number.to_string()).collect();
    let pairs: Vec<_> = numbers.iter().map(String::as_str).zip(values.iter().copied()).collect();
    let state = tab.run_with(sql, QueryRange::All, &given(&pairs)).await;
    if let Some(sqlstate) = failure(&state) {
        return Err(sqlstate);
    }
    let names = match tab.texts(&state, 0).await.is_empty() {
        true => Vec::new(),
        false => state.results[0].columns.iter().map(|column| column.name.clone()).collect(),
    };
    Ok((names, tab.texts(&state, 0).await))
}

const MADE: &str = "
    create table t (n int, big bigint, w text, v varchar(3), j jsonb, at timestamptz, d date, num numeric(8,2), u uuid, b bytea, a int[]);
    insert into t values
        (1, 10, 'a', 'abc', '{\"k\": \"x\", \"l\": [1]}', '2026-01-01 00:00+00', '2026-01-01', 1.50, '00000000-0000-0000-0000-000000000001', '\\x00ff', '{1,2}'),
        (2, 20, e'it''s \\\\ \\t', 'd', '{\"k\": null}', '2026-02-01 00:00+00', '2026-02-01', 2.25, null, null, '{3}'),
        (3, null, null, null, null, null, null, null, null, null, null);
    create type mood as enum ('calm', 'it''s');
    create domain positive as int check (value > 0);
    create domain never_null as int not null;
    create type pair as (x int, y text);
    create schema kept; create type kept.shade as enum ('dark');
    create function typed(int) returns text language sql as 'select ''int''';
    create function typed(text) returns text language sql as 'select ''text'''";

/// Statements with their values.
const ASKED: &[(&str, &[Option<&str>])] = &[
    ("select $1", &[Some("it's \\ '' \\' $2 :x")]),
    ("select $1", &[None]),
    ("select $1 as x, $2, $1", &[Some("a"), Some("b")]),
    ("select $1::int + 1, $1", &[Some("41")]),
    ("select $1::int, pg_typeof($1)", &[Some("7")]),
    ("select n from t where n = $1", &[Some("2")]),
    ("select n from t where n = $1", &[Some(" 2 ")]),
    ("select n from t where n = $1", &[Some("two")]),
    ("select n from t where n = $1", &[None]),
    ("select n from t where n > $1 and big > $1 order by n", &[Some("1")]),
    ("select n from t where w = $1", &[Some("it's \\ \t")]),
    ("select n from t where v = $1", &[Some("abcd")]),
    ("select n, $1::varchar(2), $1::bit(3), $2::char(2) from t order by n", &[Some("10111"), Some("a")]),
    ("select n from t order by n limit $1", &[Some("2")]),
    ("select n from t order by n limit $1", &[None]),
    ("select n from t order by n limit $1 offset $2", &[Some("1"), Some("1")]),
    ("select n from t order by n fetch first $1 rows only", &[Some("2")]),
    ("select n from t order by n offset $1 rows fetch next $2 row only", &[Some("1"), Some("1")]),
    ("select n from t order by $1, n", &[Some("2")]),
    ("select n from t order by $1::int, n desc", &[Some("1")]),
    ("select n % $1, count(*) from t group by n % $1 order by 1", &[Some("2")]),
    ("select $1, count(*) from t group by $1", &[Some("x")]),
    ("select distinct on ($1) n from t order by $1, n", &[Some("x")]),
    ("select n from t where j ->> $1 = $2", &[Some("k"), Some("x")]),
    ("select j -> $1 from t order by n", &[Some("k")]),
    ("select j #>> $1 from t order by n", &[Some("{l,0}")]),
    ("select n from t where j @> $1", &[Some("{\"k\": \"x\"}")]),
    ("select n from t where j @> $1", &[Some("{")]),
    ("select jsonb_path_query(j, $1) from t order by n", &[Some("$.k")]),
    (
        "select n from t where at > now() - $1::interval or at >= $2 order by n",
        &[Some("1 day"), Some("2026-01-15")],
    ),
    (
        "select d + $1::int, at + $2, at at time zone $3 from t order by n",
        &[Some("1"), Some("1 month"), Some("Asia/Tokyo")],
    ),
    ("select n from t where n = any($1) order by n", &[Some("{1,3}")]),
    ("select n from t where n in ($1, $2, 3) order by n", &[Some("1"), None]),
    ("select n from t where n between $1 and $2 order by n", &[Some("1"), Some("2")]),
    ("select ($1::int[])[2], a[$2], a || $1 from t order by n", &[Some("{7,8}"), Some("1")]),
    ("select unnest($1::text[]) with_name", &[Some("{a,NULL,\"it's\"}")]),
    (
        "select n from t where u = $1 or b = $2",
        &[Some("00000000-0000-0000-0000-000000000001"), Some("\\x00ff")],
    ),
    ("select num * $1, num + $2::numeric(4,1) from t order by n", &[Some("1.5"), Some("0.25")]),
    ("select n from t where w like $1 escape $2", &[Some("it%"), Some("!")]),
    ("select case $1 when 'a' then $2 else w end from t order by n", &[Some("a"), Some("b")]),
    ("select coalesce(n, $1), nullif(n, $2), greatest(n, $1) from t order by n", &[Some("1"), Some("2")]),
    ("select $1::mood, 'calm' = $1, array[$1, 'calm']", &[Some("it's")]),
    ("select $1::mood", &[Some("angry")]),
    ("select $1::positive + 1", &[Some("1")]),
    ("select $1::positive", &[Some("0")]),
    ("select $1::never_null", &[None]),
    ("select ($1::pair).y, $1::pair", &[Some("(1,\"a b\")")]),
    ("select $1::kept.shade", &[Some("dark")]),
    ("select typed($1)", &[Some("1")]),
    ("select typed($1::int)", &[Some("1")]),
    ("select $1 || 'x', 'x' || $1, $1 || w from t order by n", &[Some("y")]),
    ("select x.\"?column?\" from (select $1) x", &[Some("z")]),
    ("select text from (select $1, 'own' as text) x", &[Some("z")]),
    ("select x.* from (select $1::int, $2) x", &[Some("1"), Some("z")]),
    ("with x as (select $1, 2 as n) select * from x, t where x.n = t.n", &[Some("z")]),
    ("select ($1), ($2)::text", &[Some("a"), Some("b")]),
    ("select $1 union select 'a' order by 1", &[Some("b")]),
    ("select $1 union all select n from t order by 1", &[Some("9")]),
    ("values ($1, 1), ($2, 2)", &[Some("a"), None]),
    ("select (select $1), exists (select $1), array(select $1)", &[Some("a")]),
    ("select sum(n) over (order by n rows $1 preceding) from t", &[Some("1")]),
    (
        "select extract(year from $1::date), date_trunc($2, at) from t order by n",
        &[Some("2026-05-01"), Some("month")],
    ),
    (
        "select substring(w from $1 for $2), overlay(w placing $3 from 1) from t order by n",
        &[Some("1"), Some("2"), Some("Z")],
    ),
    ("select n from t tablesample system ($1) order by n", &[Some("100")]),
    (
        "select lag(n, $1) over (order by n), percentile_cont($2) within group (order by n) over () from t",
        &[Some("1"), Some("0.5")],
    ),
    ("select percentile_cont($1) within group (order by n) from t", &[Some("0.5")]),
    ("select to_char(at, $1), make_interval(days => $2) from t order by n", &[Some("YYYY"), Some("2")]),
    ("select $1::\"char\", $1::name, $1::json", &[Some("1")]),
    ("select 1 / $1", &[Some("0")]),
    ("select $1::regclass, $2::oid", &[Some("t"), Some("4294967295")]),
    ("select $1 is null", &[Some("a")]),
    ("select nix, $1::int", &[Some("1")]),
    ("select interval $1", &[Some("1 day")]),
    ("select n from t where n = $1 for update", &[Some("1")]),
];

#[tokio::test]
async fn a_value_means_what_it_means_to_execute() {
    for_each_version(|database| async move {
        database.run(MADE).await;
        let tab = Tab::of(&database).await;
        for (sql, values) in ASKED {
            let expected = executed(&database, "select 0 where false", sql, values).await;
            assert_eq!(shown(&tab, sql, values).await, expected, "{sql} {values:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_value_is_itself_where_strings_know_backslashes() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let off = "set standard_conforming_strings = off; set escape_string_warning = off";
        tab.run(off).await;
        for value in ["a\\", "\\'", "it''s", "'; select 1 --", "\\\\n", "\n\t\r", "$1 :a e'x'", ""] {
            let expected = Ok((vec!["?column?".to_owned()], texts(&[&[Some(value)]])));
            assert_eq!(shown(&tab, "select $1", &[Some(value)]).await, expected);
            assert_eq!(executed(&database, off, "select $1", &[Some(value)]).await, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn an_error_is_found_behind_a_value_and_at_the_value_itself() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let values = given(&[("a", Some("a long 'value' \\")), ("n", Some("no number"))]);
        for (text, words, code) in [
            ("select :a::text || 'ö', nix", "nix", "42703"),
            ("select :a::text, 1 + :n", ":n", "22P02"),
            ("select :a::text from nowhere", "nowhere", "42P01"),
            ("select :n from generate_series(1, 2)\nwhere :a || 1 || nix", "nix", "42703"),
        ] {
            let state = tab.run_with(text, QueryRange::All, &values).await;
            let error = state.statements[0].error.as_ref().unwrap();
            let place = u32::try_from(text[..text.find(words).unwrap()].encode_utf16().count()).ok();
            assert_eq!((error.sqlstate.as_deref(), error.position), (Some(code), place), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn its_rows_come_while_more_are_made() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let text = "select n, repeat(:x, 2000), case when n > 100 then pg_sleep(600) end from generate_series(1, 200) n";
        let reply = tab.ask(text, QueryRange::All, &given(&[("x", Some("it's"))])).await.unwrap();
        let state = tab.until(|state| state.results.first().is_some_and(|result| result.rows > 10)).await;
        assert_eq!(state.statements[0].outcome, StatementOutcome::Running);
        until_running(&database, "copy (", 1).await;
        tab.session().cancel().await.unwrap();
        assert_eq!(tab.until_over(reply).await.statements[0].outcome, StatementOutcome::Cancelled);
        let left = tab.run("select count(*) from pg_prepared_statements").await;
        assert_eq!(tab.texts(&left, 0).await, texts(&[&[Some("0")]]));
    })
    .await;
}

#[tokio::test]
async fn a_type_of_a_closed_schema_or_an_open_transaction_is_no_hindrance() {
    let database = any_database().await;
    database
        .run(
            "create schema closed; create type closed.mood as enum ('calm'); create table public.m (m closed.mood); insert into m values ('calm'); \
             do $$ begin create role without_schema; exception when duplicate_object then null; end $$; \
             grant usage on schema public to without_schema; grant select on m to without_schema",
        )
        .await;
    let tab = Tab::of(&database).await;
    tab.run("set role without_schema").await;
    for begin in ["select 1", "begin"] {
        tab.run(begin).await;
        let state = tab
            .run_with("select count(*) from m where m = $1", QueryRange::All, &given(&[("1", Some("calm"))]))
            .await;
        assert_eq!(failure(&state), None, "{state:?}");
        assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("1")]]));
    }
    tab.run("rollback; reset role; begin; create type own as enum ('a'); create temp table o (o own); insert into o values ('a')").await;
    let own =
        tab.run_with("select o from o where o = $1", QueryRange::All, &given(&[("1", Some("a"))])).await;
    assert_eq!(tab.texts(&own, 0).await, texts(&[&[Some("a")]]), "{own:?}");
    tab.run("rollback").await;
    database.run("drop owned by without_schema").await;
}

#[tokio::test]
async fn a_number_that_is_left_out_needs_no_value() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let values = given(&[("3", Some("1")), ("7", Some("b")), ("x", None)]);
        let state = tab.run_with("select $7::text, $3::int, :x::date, $7", QueryRange::All, &values).await;
        assert_eq!(failure(&state), None);
        assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("b"), Some("1"), None, Some("b")]]));
    })
    .await;
}
