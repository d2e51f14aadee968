//! The database that statements run in, and what there is in it to name.

use evaldesk_core::connection::{Database, WriteMode};
use evaldesk_core::sql::classify::functions::{Listed, listed};
use sqlx::postgres::PgConnection;

use crate::{TestDatabase, fresh_database};

/// Every way that a read may do more than read.
const TRAPS: &str = include_str!("../../fixtures/sql/guard_world.sql");

pub(super) struct World {
    pub(super) test: TestDatabase,
    /// A session that waits to be ended.
    /// Held open: its backend is what a signal would hit.
    _canary: PgConnection,
    pub(super) canary_pid: i32,
    /// Where nothing may be written.
    pub(super) folder: tempfile::TempDir,
    /// A call of every harmless function of this server, with arguments of its types.
    pub(super) calls: Vec<String>,
    /// Names of functions that are on no list of the harmless.
    pub(super) others: Vec<String>,
}

impl World {
    pub(super) async fn make(major: u32) -> Self {
        let test = fresh_database(major).await;
        test.run(TRAPS).await;
        test.run("create sequence s; create table t (id int primary key, a int, b text, data jsonb, at timestamptz)")
            .await;
        test.run("insert into t select n, n % 7, 'b' || n, jsonb_build_object('k', n), now() from generate_series(1, 50) n")
            .await;
        test.run("select lo_create(4711); create table u (id int primary key, t_id int references t)").await;
        let mut canary = test.session().await;
        let canary_pid = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut canary).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        open_to_all(folder.path());
        let signatures = signatures(&test).await;
        let (mut calls, mut others) = (Vec::new(), Vec::new());
        for (name, arguments, call) in signatures {
            match listed(&name) {
                Listed::Harmless if !name.starts_with("pg_sleep") => {
                    calls.extend(shapes(&name, &arguments, &call));
                }
                Listed::Harmless => {}
                _ => others.push(name),
            }
        }
        others.dedup();
        Self { test, _canary: canary, canary_pid, folder, calls, others }
    }

    /// A statement with the pid of the canary and the watched folder in it.
    pub(super) fn named(&self, sql: &str) -> String {
        sql.replace("CANARY", &self.canary_pid.to_string())
            .replace("FOLDER", &self.folder.path().display().to_string())
    }

    /// The database as somebody opens it who may only read.
    pub(super) async fn read_only(&self) -> Database {
        let mut profile = self.test.open().await.profile().clone();
        profile.writes = Some(WriteMode::ReadOnly);
        Database::open(&profile, None).await.unwrap()
    }
}

fn open_to_all(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).unwrap();
}

/// Each overload of each function of the server: its name, its arguments' types, and what kind it is.
async fn signatures(test: &TestDatabase) -> Vec<(String, Vec<String>, String)> {
    let sql = "select p.proname::text, coalesce(array_agg(format_type(a.t, null) order by a.n) \
               filter (where a.t is not null), '{}'), p.prokind::text || a2.direct \
               from pg_proc p left join lateral unnest(p.proargtypes) with ordinality a (t, n) on true \
               left join lateral (select coalesce(g.aggkind::text, '') as direct from (select 1) x \
               left join pg_aggregate g on g.aggfnoid = p.oid) a2 on true \
               where p.pronamespace = 'pg_catalog'::regnamespace and p.oid < 16384 \
               group by p.oid, p.proname, p.prokind, a2.direct order by p.proname, p.oid";
    sqlx::query_as(sql).fetch_all(&mut test.session().await).await.unwrap()
}

/// A call as its kind is called: plain, over a window, of an ordered set; and once with nulls.
fn shapes(name: &str, types: &[String], kind: &str) -> Vec<String> {
    let values: Vec<String> = types.iter().map(|of| value(of)).collect();
    let values = values.join(", ");
    match kind {
        "w" => vec![format!("select {name}({values}) over (order by id) from t")],
        "ao" | "ah" => vec![format!("select {name}() within group (order by {values}) from t")],
        "an" if types.is_empty() => vec![format!("select {name}(*) from t")],
        "an" => vec![format!("select {name}({values}) from t")],
        _ => vec![format!("select {name}({values})"), format!("select * from {name}({values}) limit 3")],
    }
}

/// A value of a type that most functions take.
pub(super) fn value(of: &str) -> String {
    let text = match of {
        "integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision" | "oid" | "money" => "1",
        "xid" | "cid" | "xid8" => "3",
        "text" | "character varying" | "character" | "\"char\"" | "name" | "bytea" => "a",
        "boolean" => "true",
        "date" | "timestamp without time zone" | "timestamp with time zone" => "2026-01-02",
        "time without time zone" | "time with time zone" => "01:02",
        "interval" => "1 day",
        "json" | "jsonb" => "{\"a\": [1, 2]}",
        "jsonpath" => "$.a",
        "regclass" => "t",
        "regtype" => "int4",
        "regproc" => "now",
        "regrole" => "postgres",
        "regnamespace" => "public",
        "uuid" => "0190a4d2-0000-7000-8000-000000000001",
        "inet" | "cidr" => "10.0.0.1",
        "point" => "(1,2)",
        "bit" | "bit varying" => "101",
        "tsvector" | "tsquery" => "a",
        "int4range" | "numrange" | "int8range" => "[1,3)",
        "pg_lsn" => "0/1",
        "text[]" | "name[]" => "{a,b}",
        "integer[]" | "bigint[]" | "oid[]" | "double precision[]" => "{1,2}",
        "anyarray" | "anycompatiblearray" => return "array[1, 2]".to_owned(),
        "anyelement" | "anynonarray" | "anycompatible" | "anycompatiblenonarray" => return "1".to_owned(),
        "\"any\"" => return "1".to_owned(),
        "record" => return "row(1, 'a')".to_owned(),
        "anyenum" => return "'a'::mood".to_owned(),
        "anyrange" | "anycompatiblerange" => return "int4range(1, 3)".to_owned(),
        of => return format!("null::{of}"),
    };
    format!("'{text}'::{of}")
}
