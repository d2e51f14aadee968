//! Edits of the grid: which results have them, and that each changes the row that was read or nothing.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{Database, Environment, WriteMode};
use evaldesk_core::query::{
    FilterTest, QueryConsent, QueryEdit, QueryEditPlan, QueryEditValue, QueryEditable, QueryFilter,
    QueryOrder, QueryPhase, QueryRange, QueryRequest, QueryResult, QueryRunReply, QueryTabs,
};
use support::{TestDatabase, empty_database, usual, versions};

/// A tab with a result.
struct Grid {
    test: TestDatabase,
    database: Database,
    tabs: QueryTabs,
    _folder: tempfile::TempDir,
}

const TABLES: &str = "
create table t (id int primary key, name text, data jsonb, raw json, at timestamptz, twice int generated always as (id * 2) stored);
insert into t values (1, 'one', '{\"a\": 1}', '{ \"a\":1 }', '2026-01-02 03:04:05.678901+00'), (2, null, null, null, null), (3, 'o''clock\\', '[]', '[]', 'infinity');
create table no_key (a int unique, b text);
insert into no_key values (1, 'x'), (null, 'x');
create table by_unique (code text not null unique, v int);
insert into by_unique values ('a', 1);
create table p (k int, v text, primary key (k)) partition by range (k);
create table p1 partition of p for values from (0) to (10);
insert into p values (1, 'x');
create view v as select * from t;

";

impl Grid {
    async fn new(major: u32) -> Self {
        let test = empty_database(major).await;
        test.run(TABLES).await;
        let folder = tempfile::tempdir().unwrap();
        let tabs = QueryTabs::new(folder.path().to_owned());
        let database = test.open().await;
        Self { test, database, tabs, _folder: folder }
    }

    async fn result(&self, sql: &str) -> QueryResult {
        let request = QueryRequest {
            text: sql.to_owned(),
            range: QueryRange::All,
            parameters: Vec::new(),
            consent: None,
            sort: Vec::new(),
            filters: Vec::new(),
            read_only: false,
        };
        let tab = self.tabs.tab("a");
        let reply = tab.run(&self.database, request).await.unwrap();
        assert!(matches!(reply, QueryRunReply::Started { .. }), "{reply:?}");
        while tab.state().phase != QueryPhase::Idle {
            tokio::task::yield_now().await;
        }
        let state = tab.state();
        assert_eq!(state.error, None);
        state.results.into_iter().next_back().unwrap_or_else(|| panic!("{sql}: {:?}", state.statements))
    }

    async fn plan(&self, result: &QueryResult, edits: &[QueryEdit]) -> evaldesk_core::Result<QueryEditPlan> {
        self.tabs.edit_plan(&self.database, &result.id, edits).await
    }

    async fn apply(&self, result: &QueryResult, edits: &[QueryEdit]) -> evaldesk_core::Result<u32> {
        let plan = self.plan(result, edits).await?;
        let consent = QueryConsent { hash: plan.hash, name: plan.name };
        Ok(self.tabs.edit_apply(&self.database, &result.id, edits, &consent).await?.rows)
    }
}

fn update(row: u64, column: u32, value: Option<&str>) -> QueryEdit {
    QueryEdit::Update { row, column, value: value.map(str::to_owned) }
}

#[tokio::test]
async fn a_result_says_what_it_is_edited_by_or_why_not() {
    for major in versions() {
        let grid = Grid::new(major).await;
        for (sql, key) in [
            ("select * from t order by id", "id"),
            ("table t", "id"),
            ("select id, name as called, 1 as one from only t as x where id < 3", "id"),
            ("select * from by_unique", "code"),
            ("select * from p", "k"),
            ("select * from t where false", "id"),
        ] {
            let edit = grid.result(sql).await.edit;
            assert!(
                matches!(&edit, QueryEditable::Editable { key: by, .. } if *by == [key]),
                "{sql}: {edit:?}"
            );
        }
        for (sql, word) in [
            ("select name from t", "key is not in the result"),
            ("select * from no_key", "no primary key"),
            ("select a.id, b.name from t a join t b on true", "several tables"),
            ("select t.*, no_key.b from t, no_key", "several tables"),
            ("select * from (select * from t) x", "several tables"),
            ("select distinct * from by_unique", "made distinct"),
            ("select id, max(name) from t group by id", "grouped"),
            ("with x as (select * from t) select * from x", "with clause"),
            ("select id, name, id from t", "twice"),
            ("select * from v", "view"),
            ("select relname, oid from pg_class limit 1", "belongs to the server"),
            ("update t set name = name where id = 1 returning *", "plain select"),
        ] {
            let edit = grid.result(sql).await.edit;
            let QueryEditable::Not { why } = edit else { panic!("{sql} is edited") };
            assert!(why.contains(word), "{sql}: {why}");
        }
    }
}

#[tokio::test]
async fn edits_are_shown_as_sql_and_change_what_was_read() {
    for major in versions() {
        let grid = Grid::new(major).await;
        let result = grid.result("select * from t order by id").await;
        let edits = [
            update(0, 1, Some("it's \\ new")),
            update(0, 2, Some("{\"b\": 2}")),
            update(0, 3, None),
            update(0, 4, Some("2027-01-01 00:00:00+00")),
            update(1, 1, Some("")),
            QueryEdit::Delete { row: 2 },
            QueryEdit::Insert {
                values: vec![
                    QueryEditValue { column: 0, value: Some("9".to_owned()) },
                    QueryEditValue { column: 1, value: None },
                ],
            },
        ];
        let plan = grid.plan(&result, &edits).await.unwrap();
        assert_eq!(plan.statements.len(), 4);
        assert!(
            plan.statements[0].starts_with("delete from \"public\".\"t\"\nwhere \"id\" = '3'\n  and "),
            "{plan:?}"
        );
        assert!(
            plan.statements[1].contains("\"raw\"::text = '{ \"a\":1 }'"),
            "json has no equality: {plan:?}"
        );
        assert!(plan.statements[2].ends_with("where \"id\" = '2'\n  and \"name\" is null"), "{plan:?}");
        assert_eq!(plan.statements[3], "insert into \"public\".\"t\" (\"id\", \"name\")\nvalues ('9', null)");
        assert_eq!(
            grid.test.value("select count(*) from t where name = 'one'").await.as_deref(),
            Some("1"),
            "a plan only reads"
        );
        assert_eq!(grid.apply(&result, &edits).await.unwrap(), 4);
        let now = "select string_agg(concat_ws('|', id, coalesce(name, 'NULL'), data, raw, at), ',' order by id) from t";
        let now = grid.test.value(now).await.unwrap();
        assert!(now.starts_with("1|it's \\ new|{\"b\": 2}|2027-01-01 00:00:00"), "{now}");
        assert!(now.ends_with(",2|,9|NULL"), "{now}");
    }
}

#[tokio::test]
async fn in_another_order_an_edit_changes_the_row_that_is_seen() {
    let grid = Grid::new(usual()).await;
    grid.test.run("insert into t (id, name) select n, 'n' || n from generate_series(10, 400) n").await;
    let result = grid.result("select id, name from t order by id").await;
    let sort = vec![QueryOrder { column: 0, descending: true }];
    let filter = QueryFilter { column: 1, op: FilterTest::Contains, value: "n".to_owned() };
    let view = grid.tabs.view(&result.id, sort, vec![filter]).await.unwrap();
    let seen = grid.tabs.rows(&result.id, Some(&view.id), 1, 3).await.unwrap();
    let ids: Vec<&str> = seen.rows.iter().map(|row| row[0].as_ref().unwrap().text.as_str()).collect();
    assert_eq!(ids, ["399", "398", "397"]);
    let numbers = seen.numbers.expect("a view names its rows");
    assert_eq!(grid.tabs.rows(&result.id, None, 1, 3).await.unwrap().numbers, None);
    let edits = [update(numbers[0], 1, Some("changed")), QueryEdit::Delete { row: numbers[2] }];
    assert_eq!(grid.apply(&result, &edits).await.unwrap(), 2);
    let changed = grid.test.value("select id::text from t where name = 'changed'").await;
    assert_eq!(changed.as_deref(), Some("399"));
    let gone =
        "select string_agg(n::text, ',') from generate_series(390, 400) n where n not in (select id from t)";
    assert_eq!(grid.test.value(gone).await.as_deref(), Some("397"));
}

#[tokio::test]
async fn what_somebody_else_changed_in_between_is_not_overwritten() {
    let grid = Grid::new(usual()).await;
    let result = grid.result("select id, name, at from t order by id").await;
    grid.test.run("update t set name = 'theirs' where id = 1").await;
    let edits = [update(1, 1, Some("mine")), update(0, 1, Some("mine"))];
    let error = grid.apply(&result, &edits).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("none was kept") && error.hint_text().is_some(), "{error}");
    assert_eq!(grid.test.value("select count(*) from t where name = 'mine'").await.as_deref(), Some("0"));
    // Another column of the row may have changed.
    grid.apply(&result, &[update(0, 2, None)]).await.unwrap();
    grid.test.run("delete from t where id = 2").await;
    let gone = grid.apply(&result, &[QueryEdit::Delete { row: 1 }]).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn edits_change_one_row_each_or_nothing_at_all() {
    let grid = Grid::new(usual()).await;
    let result = grid.result("select * from t order by id").await;
    for (edits, kind) in [
        (vec![update(0, 1, Some("kept?")), update(1, 2, Some("no json"))], ErrorKind::Server),
        (vec![update(0, 1, Some("kept?")), update(1, 0, Some("1"))], ErrorKind::Conflict),
        (vec![update(0, 5, Some("1"))], ErrorKind::InvalidArguments),
        (vec![update(99, 1, Some("x"))], ErrorKind::NotFound),
        (vec![update(0, 1, Some("a\0b"))], ErrorKind::InvalidArguments),
        (vec![], ErrorKind::InvalidArguments),
    ] {
        let error = grid.apply(&result, &edits).await.unwrap_err();
        let server = error.server().is_some() && matches!(kind, ErrorKind::Server | ErrorKind::Conflict);
        assert!(error.kind() == kind || server, "{edits:?}: {error:?}");
    }
    assert_eq!(grid.test.value("select count(*) from t where name = 'kept?'").await.as_deref(), Some("0"));
    // A trigger that makes two rows of one is noticed as little as a rule that makes none.
    grid.test.run("create rule r as on delete to t do instead nothing").await;
    let error = grid.apply(&result, &[QueryEdit::Delete { row: 0 }]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn an_answer_is_for_the_edits_that_were_shown_and_the_modes_of_the_connection_count() {
    let mut grid = Grid::new(usual()).await;
    let result = grid.result("select * from t order by id").await;
    let shown = grid.plan(&result, &[update(0, 1, Some("a"))]).await.unwrap();
    let consent = QueryConsent { hash: shown.hash, name: None };
    let other = [update(0, 1, Some("b"))];
    let stale = grid.tabs.edit_apply(&grid.database, &result.id, &other, &consent).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::StalePlan);
    let mut profile = grid.database.profile().clone();
    profile.environment = Environment::Production;
    grid.database = Database::open(&profile, None).await.unwrap();
    assert_eq!(grid.plan(&result, &other).await.unwrap_err().kind(), ErrorKind::Refused);
    profile.writes = Some(WriteMode::Confirm);
    grid.database = Database::open(&profile, None).await.unwrap();
    let plan = grid.plan(&result, &other).await.unwrap();
    assert_eq!(plan.name.as_deref(), Some(profile.database.as_str()));
    let unnamed = QueryConsent { hash: plan.hash.clone(), name: None };
    let refused = grid.tabs.edit_apply(&grid.database, &result.id, &other, &unnamed).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert_eq!(grid.apply(&result, &other).await.unwrap(), 1);
}
