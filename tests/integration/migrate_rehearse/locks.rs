//! The locks of each statement, measured on the oldest, the usual and the newest server, and foreseen by the plan.

use evaldesk_core::migrate::{Agreement, RehearsedOutcome, RehearsedStatement};
use evaldesk_core::sql::LockMode::{self, *};
use support::{TestDatabase, empty_database, versions};

use super::rehearsed;

/// What the statements below work on: rows to scan, a key to refer to, partitions, a view, a trigger's function.
const SCHEMA: &str = "
    create table runs (id bigint primary key, name varchar(20) not null, score int, note text, small varchar(5));
    insert into runs select g, 'r' || g, g, 'n' from generate_series(1, 500) as g;
    create table results (id bigint primary key, run bigint references runs (id), body jsonb, at timestamp, amount numeric(10, 2));
    insert into results select g, g, '{}', now(), 1 from generate_series(1, 500) as g;
    create table loose (id bigint, run bigint, kind text);
    insert into loose select g, g, 'x' from generate_series(1, 500) as g;
    create index runs_name on runs (name);
    create unique index loose_id on loose (id);
    create index loose_kind on loose (kind);
    alter table loose add constraint loose_run_fk foreign key (run) references runs (id) not valid;
    alter table loose add constraint loose_id_check check (id > 0) not valid;
    alter table loose add constraint loose_kind_full check (kind is not null);
    alter table runs add constraint runs_score_check check (score > 0);
    create function touched() returns trigger language plpgsql as 'begin return new; end';
    create trigger runs_touched before update on runs for each row execute function touched();
    create table viewed (id int, name text, score int);
    insert into viewed select g, 'v', g from generate_series(1, 500) as g;
    create view run_names as select id, name from viewed;
    create materialized view run_scores as select id, score from viewed;
    create unique index run_scores_id on run_scores (id);
    create sequence numbers;
    create type mood as enum ('good', 'bad');
    create table moods (id int, mood mood);
    create table events (id bigint, at date not null, run bigint) partition by range (at);
    create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
    create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
    create table events_rest partition of events default;
    create index events_run on events (run);
    create table events_2027 (id bigint, at date not null, run bigint);
    insert into events select g, '2025-05-05', g from generate_series(1, 100) as g;
    create table parent (id int, a text);
    create table child () inherits (parent);
    create unlogged table scratch (id int);
    create table with_policy (id int);
    create policy mine on with_policy using (true);
    create statistics runs_stats on name, score from runs;
    create publication ours for table runs;
    analyze;
";

/// What the text names.
struct Expected {
    sql: &'static str,
    locks: &'static [(&'static str, LockMode)],
    scans: &'static [&'static str],
}

const fn row(sql: &'static str, locks: &'static [(&'static str, LockMode)]) -> Expected {
    Expected { sql, locks, scans: &[] }
}

impl Expected {
    const fn scans(mut self, tables: &'static [&'static str]) -> Self {
        self.scans = tables;
        self
    }
}

/// The table of locks that the product's words rest on, a statement a row.
const TABLE: &[Expected] = &[
    row("alter table runs add column extra int default 5", &[("runs", AccessExclusive)]),
    row(
        "alter table results add constraint fk foreign key (run) references runs (id) not valid",
        &[("results", ShareRowExclusive), ("runs", ShareRowExclusive)],
    ),
    row("alter table runs add constraint c check (score > 0) not valid", &[("runs", AccessExclusive)]),
    row("alter table loose validate constraint loose_id_check", &[("loose", ShareUpdateExclusive)])
        .scans(&["loose"]),
    row("create index runs_score on runs (score)", &[("runs", Share)]).scans(&["runs"]),
    row("drop index runs_name", &[("runs", AccessExclusive), ("runs_name", AccessExclusive)]),
    row("alter table runs alter column name type text", &[("runs", AccessExclusive)]),
    row("alter table runs alter column score set not null", &[("runs", AccessExclusive)]).scans(&["runs"]),
    row("alter table loose alter column kind set not null", &[("loose", AccessExclusive)]),
    row(
        "create trigger t before insert on runs for each row execute function touched()",
        &[("runs", ShareRowExclusive)],
    ),
    row("analyze runs", &[("runs", ShareUpdateExclusive)]),
    row("reindex index runs_name", &[("runs", Share), ("runs_name", AccessExclusive)]).scans(&["runs"]),
    row(
        "reindex table runs",
        &[("runs", Share), ("runs_name", AccessExclusive), ("runs_pkey", AccessExclusive)],
    )
    .scans(&["runs"]),
    row("alter table runs rename to races", &[("runs", AccessExclusive)]),
    row("drop table loose", &[("loose", AccessExclusive), ("runs", AccessExclusive)]),
    row("create table more (id int, run bigint references runs (id))", &[("runs", ShareRowExclusive)]),
];

/// More of what migrations do; here it is the plan and the measurement that have to agree.
const MORE: &[&str] = &[
    "alter table runs add column extra int",
    "alter table runs add column extra uuid default md5(random()::text)::uuid",
    "alter table runs add column extra timestamptz default clock_timestamp()",
    "alter table runs add column extra timestamptz not null default now()",
    "alter table runs add column extra bigserial",
    "alter table runs add column extra int generated always as identity",
    "alter table runs add column extra int generated always as (score * 2) stored",
    "alter table runs add column extra int check (extra > 0)",
    "alter table runs add column extra bigint references results (id)",
    "alter table runs add column extra int unique",
    "alter table runs drop column note",
    "alter table runs drop column score",
    "alter table runs rename column note to remark",
    "alter table runs alter column score type bigint",
    "alter table runs alter column small type varchar(10)",
    "alter table runs alter column name type varchar(10)",
    "alter table results alter column amount type numeric(12, 2)",
    "alter table results alter column amount type numeric(12, 3)",
    "alter table results alter column at type timestamptz",
    "alter table results alter column body type json using body::json",
    "alter table runs alter column note set default 'x'",
    "alter table runs alter column note drop default",
    "alter table runs alter column name drop not null",
    "alter table runs alter column name set statistics 500",
    "alter table runs alter column note set storage external",
    "alter table runs set (fillfactor = 80)",
    "alter table runs set (autovacuum_enabled = false)",
    "alter table runs add constraint c check (score > 0)",
    "alter table runs add constraint u unique (score)",
    "alter table loose add constraint u unique using index loose_id",
    "alter table loose add primary key (id)",
    "alter table results add constraint fk foreign key (run) references runs (id)",
    "alter table loose validate constraint loose_run_fk",
    "alter table loose drop constraint loose_run_fk",
    "alter table runs drop constraint runs_score_check",
    "alter table loose drop constraint loose_id_check",
    "alter table runs disable trigger runs_touched",
    "alter table runs enable trigger user",
    "alter table runs enable row level security",
    "alter table runs replica identity full",
    "alter table runs set schema information",
    "alter table runs owner to current_user",
    "alter table scratch set logged",
    "alter table with_policy set unlogged",
    "alter table runs cluster on runs_pkey",
    "alter index runs_name rename to runs_by_name",
    "alter sequence numbers restart with 5",
    "alter view run_names rename to names",
    "alter view run_names alter column name set default 'x'",
    "alter type mood add value 'so so'",
    "alter trigger runs_touched on runs rename to was_touched",
    "comment on table runs is 'all of them'",
    "comment on column runs.name is 'what it is called'",
    "create unique index on runs (name)",
    "create index on results using gin (body)",
    "create index on runs (lower(name)) where score > 3",
    "create view v as select runs.* from runs join results on results.run = runs.id",
    "create or replace view run_names as select id, name, score from viewed",
    "create materialized view m as select * from runs",
    "create table copy as select * from runs",
    "create table like_runs (like runs including all)",
    "create table events_2028 partition of events for values from ('2028-01-01') to ('2029-01-01')",
    "create table grandchild () inherits (child)",
    "create rule r as on insert to scratch do instead nothing",
    "create policy p on runs using (true)",
    "create statistics s on id, name from runs",
    "create or replace function touched() returns trigger language plpgsql as 'begin return old; end'",
    "alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')",
    "alter table events detach partition events_2025",
    "alter table events add column extra int",
    "alter table events alter column run set not null",
    "alter table events add constraint c check (id > 0)",
    "create index on events (id)",
    "create index on only events (id)",
    "drop index events_run",
    "drop table events_2025",
    "drop table events",
    "alter table parent add column b int",
    "alter table parent alter column a set not null",
    "drop table child",
    "drop table runs cascade",
    "drop table viewed cascade",
    "drop table results",
    "create publication p for table loose",
    "alter table runs alter column note type varchar(9) using left(note, 9)",
    "alter table events drop constraint if exists nothing",
    "drop view run_names",
    "drop materialized view run_scores",
    "drop trigger runs_touched on runs",
    "drop policy mine on with_policy",
    "drop sequence numbers",
    "truncate results",
    "truncate runs cascade",
    "refresh materialized view run_scores",
    "refresh materialized view concurrently run_scores",
    "cluster runs using runs_pkey",
    "reindex table results",
    "lock table runs in share mode",
    "lock table runs",
    "grant select on runs to public",
    "alter publication ours add table loose",
    "insert into loose (id, kind) select 1000 + g, 'y' from generate_series(1, 5) as g",
    "update runs set note = 'y' where id < 10",
    "delete from results where id < 10",
    "select count(*) from runs",
    "insert into results (id, run) select 1000, 1",
];

/// What a statement takes though its text does not name the table; a rehearsal is what tells.
const UNTOLD: &[&str] =
    &["drop statistics runs_stats", "drop function touched() cascade", "drop type mood cascade"];

async fn prepared(major: u32) -> TestDatabase {
    let database = empty_database(major).await;
    database.run(SCHEMA).await;
    database.run("create schema information").await;
    database
}

/// One rehearsed statement in a line.
fn line(major: u32, done: &RehearsedStatement) -> String {
    let locks: Vec<_> = done.locks.iter().map(|lock| format!("{} {}", lock.mode, lock.relation)).collect();
    format!(
        "{major} {}: {:?} {:?} {:?} {} [{}] rewrites {:?} scans {:?}",
        done.sql,
        done.outcome,
        done.agreement,
        done.differences,
        done.note.as_deref().unwrap_or_default(),
        locks.join(", "),
        done.rewrites,
        done.scans,
    )
}

#[tokio::test]
async fn the_measured_locks_are_those_of_the_table() {
    let mut wrong = Vec::new();
    for major in versions() {
        let database = prepared(major).await.open().await;
        for expected in TABLE {
            let done = rehearsed(&database, expected.sql).await.statements.remove(0);
            let mut locks: Vec<_> =
                done.locks.iter().map(|lock| (lock.relation.as_str(), lock.mode)).collect();
            locks.sort_unstable();
            let mut table = expected.locks.to_vec();
            table.sort_unstable();
            let same = locks == table && done.scans.as_deref().unwrap_or_default() == expected.scans;
            if !same || !done.rewrites.is_empty() || done.agreement != Agreement::Agreed {
                wrong.push(line(major, &done));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_the_plan_foresees_is_what_is_measured() {
    let mut wrong = Vec::new();
    for major in versions() {
        let database = prepared(major).await.open().await;
        for sql in MORE {
            let done = rehearsed(&database, sql).await.statements.remove(0);
            if (done.outcome, done.agreement) != (RehearsedOutcome::Ran, Agreement::Agreed) {
                wrong.push(line(major, &done));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_no_text_tells_the_rehearsal_does() {
    for major in versions() {
        let database = prepared(major).await.open().await;
        for sql in UNTOLD {
            let done = rehearsed(&database, sql).await.statements.remove(0);
            let told = done.differences.iter().any(|words| words.ends_with("which the plan does not name"));
            assert!(told, "{}", line(major, &done));
        }
    }
}
