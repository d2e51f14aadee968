//! What a statement is said to lock, rewrite and scan, against what a server really does: it runs in a transaction that is
//! taken back, and before that the server is asked for the locks, the files and the scans.

use std::collections::BTreeMap;

use evaldesk_core::sql::LockMode;
use evaldesk_core::sql::statement::{Effects, Touch, bare_name, describe_on};
use sqlx::{AssertSqlSafe, PgConnection};
use support::{empty_database, versions};

/// Statements with the oldest major version that knows each.
const STATEMENTS: &[(&str, u32)] = &[
    ("alter table t add column x int default 1", 12),
    ("alter table t add column x int default random()", 12),
    ("alter table t add column x timestamptz not null default now()", 12),
    ("alter table t add column x serial", 12),
    ("alter table t add column x int generated always as identity", 12),
    ("alter table t add column x int generated always as (a + 1) stored", 12),
    ("alter table t add column x int generated always as (a + 1)", 18),
    ("alter table t add column x int references u", 12),
    ("alter table t add column x int check (x > 0)", 12),
    ("alter table t add column x int unique", 12),
    ("alter table t drop column c", 12),
    ("alter table t alter column c set not null", 12),
    ("alter table t alter column b drop not null", 12),
    ("alter table t alter column a set default 1", 12),
    ("alter table t alter column a set statistics 50", 12),
    ("alter table t alter column a set (n_distinct = 5)", 12),
    ("alter table t alter column c set storage external", 12),
    ("alter table t alter column v type varchar(5)", 12),
    ("alter table t alter column b add generated always as identity", 12),
    ("alter table t add constraint c1 check (b > 0)", 12),
    ("alter table t add constraint c1 check (b > 0) not valid", 12),
    ("alter table t add constraint c1 unique (b, id)", 12),
    ("alter table t add constraint c1 unique using index ub", 12),
    ("alter table plain add primary key (id)", 12),
    ("alter table t add constraint c1 foreign key (b) references u (id) not valid", 12),
    ("alter table t add constraint c1 foreign key (a) references u (id)", 12),
    ("alter table plain add constraint c1 exclude (id with =)", 12),
    ("alter table t validate constraint ck", 12),
    ("alter table t validate constraint fk", 12),
    ("alter table t drop constraint ck", 12),
    ("alter table t drop constraint fk", 12),
    ("alter table t rename column a to z", 12),
    ("alter table t rename to z", 12),
    ("alter table t rename constraint ck to z", 12),
    ("alter table t set schema other", 12),
    ("alter table t set (fillfactor = 70)", 12),
    ("alter table t reset (fillfactor)", 12),
    ("alter table t set unlogged", 12),
    ("alter table t cluster on i", 12),
    ("alter table t replica identity full", 12),
    ("alter table t enable row level security", 12),
    ("alter table t disable trigger tr", 12),
    ("alter table t enable always trigger tr", 12),
    ("alter table t alter column a set statistics 50, alter column b set default 1", 12),
    ("alter table plain inherit parent", 12),
    ("alter table child no inherit parent", 12),
    ("alter table p attach partition q for values in (2)", 12),
    ("alter table p detach partition p1", 12),
    ("alter table p add column x int", 12),
    ("alter table only parent alter column id set default 1", 12),
    ("alter index i rename to j", 12),
    ("alter index i set (fillfactor = 70)", 12),
    ("alter index pi attach partition p1i", 12),
    ("alter sequence s restart with 5", 12),
    ("alter sequence s rename to z", 12),
    ("alter view w rename to z", 12),
    ("alter view w set (security_barrier = true)", 12),
    ("alter materialized view m rename to z", 12),
    ("alter trigger tr on t rename to z", 12),
    ("alter policy po on t using (false)", 12),
    ("alter type e add value 'b'", 12),
    ("alter publication pu add table t", 12),
    ("create index on t (b)", 12),
    ("create index on t using gin (data)", 12),
    ("create index on only p (k)", 12),
    ("create index on p (k)", 12),
    ("create table x (id int references u)", 12),
    ("create table x partition of p for values in (5)", 12),
    ("create table x () inherits (parent)", 12),
    ("create table x (like t including all)", 12),
    ("create table x as select * from t", 12),
    ("select * into x from t", 12),
    ("create view x as select * from t", 12),
    ("create or replace view w as select id, a from base", 12),
    ("create materialized view x as select * from t", 12),
    ("create trigger x after update on t for each row execute function f()", 12),
    ("create rule x as on update to parent do also nothing", 12),
    ("create policy x on t using (true)", 12),
    ("create statistics x on a, id from t", 12),
    ("create publication x for table t", 12),
    ("create function x() returns int language sql as 'select 1'", 12),
    ("create sequence x", 12),
    ("create schema x", 12),
    ("drop index i", 12),
    ("drop table t cascade", 12),
    ("drop table p1", 12),
    ("drop table plain", 12),
    ("drop view w", 12),
    ("drop materialized view m", 12),
    ("drop sequence s", 12),
    ("drop trigger tr on t", 12),
    ("drop rule ru on parent", 12),
    ("drop policy po on t", 12),
    ("drop statistics st", 12),
    ("reindex table t", 12),
    ("reindex index i", 12),
    ("cluster t using i", 12),
    ("refresh materialized view m", 12),
    ("refresh materialized view concurrently m", 12),
    ("truncate plain", 12),
    ("truncate u cascade", 12),
    ("analyze t", 12),
    ("lock table t in share row exclusive mode", 12),
    ("lock table t", 12),
    ("comment on table t is 'x'", 12),
    ("comment on column t.a is 'x'", 12),
    ("grant select on t to public", 12),
    ("insert into plain select id, a from t", 12),
    ("update t set b = b + 1000", 12),
    ("delete from plain where a in (select a from t)", 12),
    ("merge into plain using t on plain.id = t.id when matched then delete", 15),
    ("select * from t where id = 1 for update", 12),
    ("select * from t join u on t.a = u.id", 12),
    ("with gone as (delete from plain returning *) insert into u select id + 1000, a from gone", 12),
];

#[tokio::test]
async fn a_server_locks_rewrites_and_scans_what_is_said() {
    let mut wrong = Vec::new();
    for major in versions() {
        let database = empty_database(major).await;
        database.run(include_str!("../fixtures/sql/one_of_each.sql")).await;
        database.run("create schema other").await;
        let mut session = database.session().await;
        for (sql, _) in STATEMENTS.iter().filter(|(_, from)| *from <= major) {
            let said = describe_on(sql, major);
            let found = match measure(&mut session, sql).await {
                Ok(measured) => differences(&said, &measured),
                Err(error) => vec![error.to_string()],
            };
            wrong.extend(found.iter().map(|difference| format!("{major}: {sql}: {difference}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A relation as the server had it while the statement ran.
#[derive(Debug)]
struct Measured {
    name: String,
    kind: String,
    mode: LockMode,
    rewritten: bool,
    scanned: bool,
}

const BEFORE: &str = "create temp table before on commit drop as
select c.oid, c.relname::text as name, c.relkind::text as kind, c.relfilenode,
  coalesce(pg_stat_get_xact_numscans(c.oid), 0) as scans
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'public'";

const AFTER: &str = "select b.name, b.kind, l.mode,
  coalesce((select c.relfilenode <> b.relfilenode from pg_class as c where c.oid = b.oid), false) as rewritten,
  coalesce(pg_stat_get_xact_numscans(b.oid), 0) > b.scans as scanned
from before as b
join pg_locks as l on l.relation = b.oid and l.pid = pg_backend_pid() and l.locktype = 'relation'";

async fn measure(session: &mut PgConnection, sql: &str) -> Result<Vec<Measured>, sqlx::Error> {
    run(session, "begin").await?;
    run(session, BEFORE).await?;
    let ran = run(session, sql).await;
    let rows = match ran {
        Ok(()) => sqlx::query_as(AFTER).persistent(false).fetch_all(&mut *session).await,
        Err(error) => Err(error),
    };
    run(session, "rollback").await?;
    let rows: Vec<(String, String, String, bool, bool)> = rows?;
    let mut found: BTreeMap<String, Measured> = BTreeMap::new();
    for (name, kind, mode, rewritten, scanned) in rows {
        let mode = LockMode::parse(&mode).unwrap();
        let known = found.entry(name.clone()).or_insert(Measured { name, kind, mode, rewritten, scanned });
        known.mode = known.mode.max(mode);
    }
    Ok(found.into_values().collect())
}

async fn run(session: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await.map(drop)
}

fn differences(said: &Effects, measured: &[Measured]) -> Vec<String> {
    let named = said.touches.iter().filter_map(|touch| touched(said, touch, measured));
    let beyond = measured.iter().filter_map(|measured| not_named(said, measured));
    named.chain(beyond).collect()
}

/// How a relation that is named differs from what was measured.
fn touched(said: &Effects, touch: &Touch, measured: &[Measured]) -> Option<String> {
    let Some(found) = measured.iter().find(|found| found.name == bare_name(&touch.relation)) else {
        return Some(format!("{} is not locked, {} was said", touch.relation, touch.mode));
    };
    if found.mode != touch.mode {
        return Some(format!("{} is locked {}, {} was said", found.name, found.mode, touch.mode));
    }
    // Reads and writes of rows have no file to change, and a truncated table gets an empty one.
    let has_rows = matches!(found.kind.as_str(), "r" | "m");
    let compared = has_rows && touch.mode > LockMode::RowExclusive && !said.truncates;
    if compared && found.rewritten != touch.rewrites {
        return Some(format!("{} rewritten: {}, {} was said", found.name, found.rewritten, touch.rewrites));
    }
    let scans = touch.scans || touch.rewrites;
    (compared && found.scanned && !scans).then(|| format!("{} is scanned, and that was not said", found.name))
}

/// A table that the text does not name is locked only as one of the kin and no stronger than was said, or where it was
/// said that the text does not tell all.
fn not_named(said: &Effects, found: &Measured) -> Option<String> {
    let is_table = matches!(found.kind.as_str(), "r" | "p" | "m" | "v" | "S");
    let is_named = said.touches.iter().any(|touch| bare_name(&touch.relation) == found.name);
    let spreads = said.touches.iter().flat_map(|touch| &touch.spreads).map(|spread| spread.mode).max();
    let reads = found.mode <= LockMode::AccessShare;
    let explained = !said.complete || spreads.is_some_and(|mode| found.mode <= mode);
    (is_table && !is_named && !reads && !explained)
        .then(|| format!("{} is locked {} too, and nothing was said of it", found.name, found.mode))
}
