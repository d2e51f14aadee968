//! A query travels as COPY and is shown as if it did not: its values, its columns, what it says and where it fails.

use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::query::{QueryPhase, QueryRange, QueryState, StatementOutcome, TransactionState};
use sqlx::AssertSqlSafe;
use support::{TestDatabase, any_database, for_each_version};

use crate::query_tab::{Tab, Texts, texts, until_running};

/// What the driver has of the same query by the simple protocol, as text.
async fn by_rows(database: &TestDatabase, sql: &str) -> Texts {
    use sqlx::{Row as _, ValueRef as _};
    let mut session = database.session().await;
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut session).await.unwrap();
    let cell = |row: &sqlx::postgres::PgRow, at: usize| {
        let value = row.try_get_raw(at).unwrap();
        (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
    };
    rows.iter().map(|row| (0..row.len()).map(|at| cell(row, at)).collect()).collect()
}

/// All rows of a result, each cell whole.
async fn whole(tab: &Tab, state: &QueryState, result: usize) -> Texts {
    let mut rows = tab.texts(state, result).await;
    let id = &state.results[result].id;
    for (row, cells) in rows.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| cell.is_some()) {
            let at = (row as u64, u32::try_from(column).unwrap());
            *cell = tab.tabs.cell(id, None, at.0, at.1, 0, 1_000_000).await.unwrap().text;
        }
    }
    rows
}

fn ok(state: &QueryState) {
    for statement in &state.statements {
        assert_eq!(statement.outcome, StatementOutcome::Done, "{:?}", statement.error);
    }
}

fn sqlstate(state: &QueryState) -> String {
    let error = state.statements.iter().find_map(|statement| statement.error.clone()).expect("it failed");
    error.sqlstate.unwrap_or_default()
}

/// What the server runs for a tab.
async fn activity(database: &TestDatabase, words: &str) -> String {
    let asked = format!(
        "select query from pg_stat_activity where datname = '{}' and state = 'active' and query like '%{words}%' \
         and pid <> pg_backend_pid()",
        database.name
    );
    database.value(&asked).await.unwrap()
}

#[tokio::test]
async fn a_query_travels_as_copy_and_is_told_as_a_select() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let reply = tab.ask("select 7 as n /* sleeper */, pg_sleep(600)", QueryRange::All, &[]).await.unwrap();
        until_running(&database, "pg_sleep(600)", 1).await;
        let runs = activity(&database, "pg_sleep(600)").await;
        assert_eq!(runs, "copy (\nselect 7 as n /* sleeper */, pg_sleep(600)\n) to stdout (encoding 'UTF8')");
        tab.session().cancel().await.unwrap();
        assert_eq!(tab.until_over(reply).await.statements[0].outcome, StatementOutcome::Cancelled);
        let state = tab.run("select n from generate_series(1, 3) n; table pg_am limit 0; values (1), (2)").await;
        ok(&state);
        let tags: Vec<_> = state.statements.iter().filter_map(|done| done.tag.as_deref()).collect();
        assert_eq!(tags, ["SELECT 3", "SELECT 0", "SELECT 2"]);
        let rows: Vec<_> = state.statements.iter().map(|done| done.rows).collect();
        assert_eq!(rows, [Some(3), Some(0), Some(2)]);
        let names: Vec<_> = state.results[1].columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names[..2], ["oid", "amname"]);
        // What looks at its own session finds itself as it was written, and nothing else.
        let itself = tab.run("select current_query(); select query from pg_stat_activity where pid = pg_backend_pid(); select * from pg_prepared_statements").await;
        assert_eq!(tab.texts(&itself, 0).await, texts(&[&[Some("select current_query()")]]));
        assert!(tab.texts(&itself, 1).await[0][0].as_deref().unwrap().starts_with("select query"), "{itself:?}");
        assert_eq!(itself.results[2].rows, 0, "nothing is left prepared by describing");
    })
    .await;
}

#[tokio::test]
async fn every_byte_of_a_value_arrives_as_it_is() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        for sql in [
            "select null, '', '\\N', e'\\\\', e'\\\\\\\\N', e'a\\tb', e'\\t', e'\\n', e'\\r\\n', e'\\b\\f\\v', '\\.', e'\\\\t'",
            "select null::text union all select '' union all select '\\N' union all select e'\\\\' union all select e'\\t'",
            "select string_agg(chr(n), '') , string_agg(chr(n), '' order by n desc) from generate_series(1, 127) n",
            "select chr(n), n from generate_series(1, 300) n",
            "select array[e'a\\\\b', null, e'\\t', '\"'], row(e'\\\\', null, e'\\n'), '{\"a\": \"\\\\n\"}'::jsonb",
            "select repeat(e'\\\\\\t', 5000), repeat(E'\\n', 70000), null",
            "select '\\x00ff5c0a09'::bytea, ''::bytea",
            "select 'größe', '😀', '日本'",
        ] {
            let state = tab.run(sql).await;
            ok(&state);
            assert_eq!(whole(&tab, &state, 0).await, by_rows(&database, sql).await, "{sql}");
        }
        let escaped = tab.run("set bytea_output = 'escape'; select '\\x00ff5c0a09'::bytea").await;
        assert_eq!(tab.texts(&escaped, 0).await, texts(&[&[Some("\\000\\377\\\\\\012\\011")]]));
    })
    .await;
}

#[tokio::test]
async fn columns_are_those_of_the_query_whatever_their_names_and_numbers() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        database.run("create table t (id bigint primary key, n numeric(8,2)); insert into t values (1, 2.5)").await;
        let state = tab.run("select id, id, n as id, 1 as \"a\tb\\N\", id + 1 from t; select; select from generate_series(1, 3); select from t where false").await;
        ok(&state);
        let columns = &state.results[0].columns;
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "id", "id", "a\tb\\N", "?column?"]);
        assert_eq!((columns[2].type_name.as_str(), columns[2].column.as_deref()), ("numeric(8,2)", Some("n")));
        let sizes: Vec<_> = state.results.iter().map(|one| (one.columns.len(), one.rows)).collect();
        assert_eq!(sizes, [(5, 1), (0, 1), (0, 3)]);
        let tags: Vec<_> = state.statements.iter().map(|done| done.tag.as_deref().unwrap()).collect();
        assert_eq!(tags, ["SELECT 1", "SELECT 1", "SELECT 3", "SELECT 0"]);
        let list: Vec<String> = (1..=1600).map(|number| format!("case when {number} % 3 > 0 then '{number}' end")).collect();
        let wide = tab.run(&format!("select {} from generate_series(1, 2)", list.join(", "))).await;
        let rows = tab.texts(&wide, 0).await;
        assert_eq!((rows.len(), rows[1].len()), (2, 1600));
        assert_eq!((rows[1][1599].as_deref(), rows[1][1598].as_deref()), (Some("1600"), None));
    })
    .await;
}

#[tokio::test]
async fn an_error_stands_where_it_stands_in_the_text_and_stops_as_it_would() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        database.run("create table t (n int); do $$ begin create role no_reader; exception when duplicate_object then null; end $$; create table closed (n int); grant usage on schema public to no_reader").await;
        let units = |text: &str, words: &str| u32::try_from(text[..text.find(words).unwrap()].encode_utf16().count()).ok();
        for (text, words, code) in [
            ("select '😀',\n nix from t -- tail", "nix", "42703"),
            ("select 1 + 'x' -- ö", "'x'", "22P02"),
            ("select 1 from nowhere.t", "nowhere", "42P01"),
            ("select f(1)", "f(1)", "42883"),
            ("select sum(n), n from t", "n from t", "42803"),
        ] {
            let state = tab.run(text).await;
            let error = state.statements[0].error.as_ref().unwrap();
            assert_eq!((error.position, error.sqlstate.as_deref()), (units(text, words), Some(code)), "{text}");
        }
        // At the start and in the middle of its rows: neither has a place, and the session is of use afterwards.
        for (text, rows) in [("select 1 / 0", 0), ("select n, 1 / (500 - n) from generate_series(1, 600) n", 499)] {
            let state = tab.run(text).await;
            let error = state.statements[0].error.as_ref().unwrap();
            assert_eq!((error.sqlstate.as_deref(), error.position), (Some("22012"), None), "{text}");
            assert_eq!(state.results.first().map_or(0, |one| one.rows), rows, "{text}");
            let after = tab.run("select 5; select 6").await;
            assert_eq!(tab.texts(&after, 1).await, texts(&[&[Some("6")]]), "{text}");
        }
        let state = tab.run("set role no_reader; select * from closed").await;
        assert_eq!(sqlstate(&state), "42501");
        let after = tab.run("reset role; select n from closed; select 8").await;
        assert_eq!(tab.texts(&after, 1).await, texts(&[&[Some("8")]]), "{after:?}");
        database.run("drop owned by no_reader").await;
    })
    .await;
}

#[tokio::test]
async fn a_copy_of_the_users_own_that_does_not_begin_leaves_the_session_of_use() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        for text in
            ["copy (select 1 / 0) to stdout", "copy nothing_here to stdout", "copy (select nix) to stdout"]
        {
            let failed = tab.run(text).await;
            assert_eq!(failed.statements[0].outcome, StatementOutcome::Failed, "{text}");
            let after = tab.run("show server_version_num; show bytea_output; values (1)").await;
            ok(&after);
            assert_eq!(tab.texts(&after, 1).await, texts(&[&[Some("hex")]]), "{text}");
            assert_eq!(tab.texts(&after, 2).await, texts(&[&[Some("1")]]), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_transaction_fails_and_goes_on_as_with_any_select() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        database.run("create table t (n int)").await;
        for wrong in [
            "select nix from t",
            "select 1 / 0",
            "select 1 / (3 - g) from generate_series(1, 5) g",
            "select * from nowhere",
        ] {
            let open = tab.run(&format!("begin; insert into t values (1); savepoint s; {wrong}")).await;
            assert_eq!(open.transaction, TransactionState::Failed, "{wrong}");
            assert_eq!(sqlstate(&tab.run("select 1").await), "25P02", "{wrong}");
            let back = tab.run("rollback to s; select count(*) from t; commit; select 2").await;
            ok(&back);
            assert_eq!(tab.texts(&back, 0).await, texts(&[&[Some("1")]]), "{wrong}");
            assert_eq!(tab.texts(&back, 1).await, texts(&[&[Some("2")]]));
            assert_eq!(back.transaction, TransactionState::None);
            database.run("truncate t").await;
        }
        let first = tab.run("begin; select 1; set transaction isolation level serializable; rollback").await;
        assert_eq!(sqlstate(&first), "25001", "the query was the first of its transaction");
        tab.run("rollback").await;
        let before = tab
            .run("begin; set transaction isolation level serializable, read only; select n from t; commit")
            .await;
        ok(&before);
    })
    .await;
}

#[tokio::test]
async fn notices_are_told_once_whether_it_ends_well_or_not() {
    for_each_version(|database| async move {
        database
            .run("create function says(n int) returns int language plpgsql as $$ begin raise notice 'row %', n; if n > 2 then raise exception 'no more' using errcode = 'P0009', hint = 'ask less'; end if; return n; end $$")
            .await;
        let tab = Tab::of(&database).await;
        let long = "x".repeat(70);
        let messages = |state: &QueryState| state.notices.iter().map(|notice| notice.message.clone()).collect::<Vec<_>>();
        let state = tab.run(&format!("select says(n) as {long} from generate_series(1, 2) n")).await;
        ok(&state);
        let said = messages(&state);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("will be truncated") && said[1..] == ["row 1", "row 2"], "{said:?}");
        let failed = tab.run("select says(n) from generate_series(1, 3) n").await;
        assert_eq!((messages(&failed), sqlstate(&failed).as_str()), (vec!["row 1".into(), "row 2".into(), "row 3".into()], "P0009"));
        let error = failed.statements[0].error.as_ref().unwrap();
        assert_eq!((error.message.as_str(), error.hint.as_deref()), ("no more", Some("ask less")));
        let never = tab.run(&format!("select nix as {long}")).await;
        assert_eq!(messages(&never).len(), 1, "what was said before it failed");
        let empty = tab.run(&format!("select 1 as {long} where false")).await;
        assert_eq!(messages(&empty).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_timeout_and_a_lock_that_does_not_come_end_it() {
    for_each_version(|database| async move {
        database.run("create table held (n int)").await;
        let tab = Tab::of(&database).await;
        let timed = tab.run("set statement_timeout = '200ms'; select pg_sleep(600)").await;
        assert_eq!(sqlstate(&timed), "57014");
        assert_eq!(timed.statements[1].outcome, StatementOutcome::Failed);
        let mut holder = database.session().await;
        sqlx::raw_sql("begin; lock table held").execute(&mut holder).await.unwrap();
        let locked =
            tab.run("set statement_timeout = 0; set lock_timeout = '100ms'; select n from held").await;
        assert_eq!(sqlstate(&locked), "55P03");
        // A cancel while it is described, which waits for the lock.
        tab.run("set lock_timeout = 0").await;
        let reply = tab.ask("select n from public.held; select 2", QueryRange::All, &[]).await.unwrap();
        until_running(&database, "public.held", 1).await;
        tab.session().cancel().await.unwrap();
        let state = tab.until_over(reply).await;
        let outcomes: Vec<_> = state.statements.iter().map(|statement| statement.outcome).collect();
        assert_eq!(outcomes, [StatementOutcome::Cancelled, StatementOutcome::Skipped]);
        sqlx::raw_sql("rollback").execute(&mut holder).await.unwrap();
        ok(&tab.run("select n from held; select 3").await);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_ended_while_rows_come_is_lost_and_says_so() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let text = "select n, case when n > 5000 then pg_sleep(600) end from generate_series(1, 6000) n";
    let reply = tab.ask(text, QueryRange::All, &[]).await.unwrap();
    let shown = tab.until(|state| state.results.first().is_some_and(|result| result.rows > 0)).await;
    database.run(&format!("select pg_terminate_backend({})", shown.pid.unwrap())).await;
    let state = tab.until_over(reply).await;
    assert_eq!((state.phase, state.pid), (QueryPhase::Lost, None));
    let error = state.statements[0].error.as_ref().unwrap();
    assert!(error.message.contains("the session was lost while the statement ran"), "{error:?}");
    assert!(error.hint.as_deref().unwrap().contains("only reads"), "{error:?}");
    assert!(state.results[0].rows > 0 && !state.results[0].complete);
    ok(&tab.run("select 1").await);
}

#[tokio::test]
async fn the_text_is_right_whatever_encoding_the_session_is_set_to() {
    for_each_version(|database| async move {
        database.run("create table t (v text); insert into t values ('größe'), (e'表\\t\\\\')").await;
        let tab = Tab::of(&database).await;
        for encoding in ["SJIS", "GB18030", "BIG5", "UTF8"] {
            let state = tab
                .run(&format!(
                    "set client_encoding = '{encoding}'; select v, 1 from t; reset client_encoding"
                ))
                .await;
            ok(&state);
            assert_eq!(
                tab.texts(&state, 0).await,
                texts(&[&[Some("größe"), Some("1")], &[Some("表\t\\"), Some("1")]]),
                "{encoding}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn row_security_views_with_rules_and_functions_count_as_they_would() {
    for_each_version(|database| async move {
        database
            .run(
                "create table t (n int, who text); insert into t values (1, 'reader_of_rows'), (2, 'other'); alter table t enable row level security; \
                 do $$ begin create role reader_of_rows; exception when duplicate_object then null; end $$; grant select on t to reader_of_rows; grant usage on schema public to reader_of_rows; \
                 create policy own on t using (who = current_user); \
                 create view v as select n, who from t where n < 10; \
                 create rule r as on insert to v do instead insert into t values (new.n, new.who); \
                 grant select on v to reader_of_rows; create table calls (n int); \
                 create function writes() returns int language plpgsql as $$ begin insert into calls values (1); return 1; end $$",
            )
            .await;
        let tab = Tab::of(&database).await;
        let state = tab.run("set role reader_of_rows; select * from t; reset role; select n from v order by n; select writes()").await;
        ok(&state);
        assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("1"), Some("reader_of_rows")]]));
        assert_eq!(tab.texts(&state, 1).await, texts(&[&[Some("1")], &[Some("2")]]));
        assert_eq!(database.count("calls").await, 1, "it was called once");
        database.run("drop owned by reader_of_rows").await;
    })
    .await;
}

#[tokio::test]
async fn a_table_that_changes_under_a_tab_has_its_new_columns() {
    for_each_version(|database| async move {
        database.run("create table t (a int); insert into t values (1)").await;
        let tab = Tab::of(&database).await;
        ok(&tab.run("select * from t").await);
        database.run("alter table t add b text default 'x'; alter table t alter a type numeric(5,1)").await;
        let state = tab.run("select * from t").await;
        ok(&state);
        assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("1.0"), Some("x")]]));
        let types: Vec<_> = state.results[0].columns.iter().map(|column| column.type_name.as_str()).collect();
        assert_eq!(types, ["numeric(5,1)", "text"]);
        ok(&tab.run("set search_path = pg_catalog; select * from public.t").await);
    })
    .await;
}

#[tokio::test]
async fn a_cell_of_hundreds_of_megabytes_arrives() {
    let database = any_database().await;
    let mut profile = parse_url(&database.url).unwrap().profile;
    profile.timeouts.statement_ms = 0;
    let tab = Tab::on(Database::open(&profile, None).await.unwrap()).with_budget(0);
    let state = tab.run("select repeat('0123456789', 30000000) as big, 'after' as small").await;
    ok(&state);
    assert_eq!((state.results[0].rows, state.results[0].bytes), (1, 300_000_000 + 5 + 8));
    let cell = tab.tabs.cell(&state.results[0].id, None, 0, 1, 0, 100).await.unwrap();
    assert_eq!((cell.text.as_deref(), cell.next), (Some("after"), None));
}
