//! Who is in the way now: long transactions, prepared ones, and an autovacuum that does not give way.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use super::super::Version;
use super::estimate::duration;
use super::relations::Relations;
use super::{PlannedMigration, PlannedStatement};
use crate::Result;
use crate::sql::LockMode;

/// From how many seconds on a transaction is one that waiting for takes long.
const LONG_SECONDS: f64 = 5.0;

/// What kind of obstacle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BlockerKind {
    /// A transaction that holds a lock which the plan needs.
    LongTransaction,
    /// A transaction whose snapshot is old: what is built concurrently waits for its end, whatever it reads.
    OldSnapshot,
    /// Prepared for a two-phase commit; it holds its locks until somebody ends it by name.
    PreparedTransaction,
    /// An autovacuum to prevent wraparound: unlike any other it does not give way.
    Wraparound,
}

/// A lock that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldLock {
    pub relation: String,
    pub mode: LockMode,
}

/// A statement of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatementPlace {
    pub version: Version,
    /// From 1.
    pub statement: u32,
}

/// Somebody in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanBlocker {
    pub kind: BlockerKind,
    /// Absent for a prepared transaction.
    pub pid: Option<i32>,
    pub user_name: Option<String>,
    pub application: Option<String>,
    /// As the server says it: "active", "idle in transaction".
    pub state: Option<String>,
    /// Since when its transaction runs, in UTC.
    pub since: Option<String>,
    #[ts(type = "number | null")]
    pub seconds: Option<i64>,
    /// The name of a prepared transaction.
    pub gid: Option<String>,
    /// What it holds of what the plan needs.
    pub holds: Vec<HeldLock>,
    /// Which statements wait for it.
    pub waiting: Vec<StatementPlace>,
    /// In one line: "pid 48112 (etl-loader) is idle in a transaction: statement 2 waits for it".
    pub words: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    pid: Option<i32>,
    user_name: Option<String>,
    application: Option<String>,
    state: Option<String>,
    gid: Option<String>,
    since: Option<String>,
    seconds: Option<i64>,
    autovacuum: bool,
    snapshot: bool,
    relations: Vec<i64>,
    modes: Vec<String>,
}

/// Reads who is in the way of these steps.
pub(super) async fn blockers(
    session: &mut PgConnection,
    steps: &[PlannedMigration],
    relations: &Relations,
) -> Result<Vec<PlanBlocker>> {
    let statements = || steps.iter().flat_map(|step| &step.statements);
    let concurrently = statements().any(|statement| statement.waits_for_snapshots);
    let oids = relations.members();
    if oids.is_empty() && !concurrently {
        return Ok(Vec::new());
    }
    let query = sqlx::query_as(include_str!("blockers.sql")).bind(oids).bind(concurrently);
    let found: Vec<Found> = query.bind(LONG_SECONDS).fetch_all(session).await?;
    Ok(found.into_iter().filter_map(|found| found.against(steps, relations)).collect())
}

impl Found {
    fn holds(&self, relations: &Relations) -> Vec<HeldLock> {
        let pairs = self.relations.iter().zip(&self.modes);
        let mut held: Vec<_> = pairs
            .filter_map(|(oid, mode)| {
                let relation = relations.root_of(*oid)?.shown.clone();
                Some(HeldLock { relation, mode: LockMode::parse(mode)? })
            })
            .collect();
        held.sort_by(|a, b| (&a.relation, a.mode).cmp(&(&b.relation, b.mode)));
        held.dedup();
        held
    }

    /// What it keeps from running; `None` where nothing of the plan waits for it.
    fn against(self, steps: &[PlannedMigration], relations: &Relations) -> Option<PlanBlocker> {
        let holds = self.holds(relations);
        let waits = |statement: &PlannedStatement| {
            statement.conflicts_with(&holds) || (self.snapshot && statement.waits_for_snapshots)
        };
        let waiting = places(steps, waits);
        let by_lock = steps.iter().flat_map(|step| &step.statements).any(|one| one.conflicts_with(&holds));
        let kind = match (self.pid, self.autovacuum) {
            (None, _) => BlockerKind::PreparedTransaction,
            (_, true) => BlockerKind::Wraparound,
            _ if by_lock => BlockerKind::LongTransaction,
            _ => BlockerKind::OldSnapshot,
        };
        (!waiting.is_empty()).then(|| self.blocker(kind, holds, waiting, steps.len() > 1))
    }

    fn blocker(
        self,
        kind: BlockerKind,
        holds: Vec<HeldLock>,
        waiting: Vec<StatementPlace>,
        several: bool,
    ) -> PlanBlocker {
        let words = format!("{}: {}", self.who(kind), who_waits(&waiting, several));
        PlanBlocker {
            kind,
            pid: self.pid,
            user_name: self.user_name,
            application: self.application,
            state: self.state,
            since: self.since,
            seconds: self.seconds,
            gid: self.gid,
            holds,
            waiting,
            words,
        }
    }

    fn who(&self, kind: BlockerKind) -> String {
        let long = self.seconds.map_or(String::new(), |seconds| format!(" for {}", duration(seconds * 1000)));
        let name = self.application.as_deref().or(self.user_name.as_deref()).unwrap_or("the server itself");
        match (kind, self.pid) {
            (BlockerKind::PreparedTransaction, _) | (_, None) => {
                format!("transaction {} is prepared{long}", self.gid.as_deref().unwrap_or_default())
            }
            (BlockerKind::Wraparound, Some(pid)) => {
                format!("pid {pid} is an autovacuum to prevent wraparound, which does not give way")
            }
            (_, Some(pid)) => match self.state.as_deref() {
                Some("idle in transaction" | "idle in transaction (aborted)") => {
                    format!("pid {pid} ({name}) is idle in a transaction{long}")
                }
                _ => format!("pid {pid} ({name}) is in a transaction{long}"),
            },
        }
    }
}

fn places(steps: &[PlannedMigration], waits: impl Fn(&PlannedStatement) -> bool) -> Vec<StatementPlace> {
    let place = |step: &PlannedMigration, at: usize| StatementPlace {
        version: step.version.clone(),
        statement: u32::try_from(at + 1).unwrap_or(u32::MAX),
    };
    let of_step = |step: &PlannedMigration| {
        let statements = step.statements.iter().enumerate();
        statements.filter(|(_, one)| waits(one)).map(|(at, _)| place(step, at)).collect::<Vec<_>>()
    };
    steps.iter().flat_map(of_step).collect()
}

/// "statement 2 waits for it", "statements 2, 3 and 4 of 7 others wait for it".
fn who_waits(waiting: &[StatementPlace], several: bool) -> String {
    let name = |place: &StatementPlace| match several {
        true => format!("statement {} of {}", place.statement, place.version),
        false => format!("statement {}", place.statement),
    };
    match waiting {
        [] => "nothing waits for it".to_owned(),
        [one] => format!("{} waits for it", name(one)),
        [first, rest @ ..] => format!("{} and {} more wait for it", name(first), rest.len()),
    }
}

impl PlannedStatement {
    fn conflicts_with(&self, held: &[HeldLock]) -> bool {
        // Before it reads the table, a concurrent build waits for everybody who might still write to it.
        let build = self.waits_for_snapshots.then_some(LockMode::Share);
        let conflicts = |mode: LockMode, held: LockMode| {
            held.conflicts_with(mode) || build.is_some_and(|build| held.conflicts_with(build))
        };
        self.locks.iter().any(|lock| {
            held.iter().any(|held| held.relation == lock.relation && conflicts(lock.mode, held.mode))
        })
    }
}
