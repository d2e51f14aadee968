//! What is told of a version while it runs: statement n of m, how long, who is in the way, how far a build is.

use std::time::Duration;

use sqlx::PgConnection;

use super::in_the_way::InTheWay;
use super::words;
use crate::Result;
use crate::job::Progress;
use crate::migrate::{Direction, PlannedMigration};

/// The statement that is told of; `at` counts from 0.
pub(in crate::migrate) struct Telling<'a> {
    pub(in crate::migrate) step: &'a PlannedMigration,
    pub(in crate::migrate) at: usize,
}

/// An index build, as the server counts it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Build {
    phase: String,
    blocks_done: i64,
    blocks_total: i64,
    tuples_done: i64,
    tuples_total: i64,
    lockers_done: i64,
    lockers_total: i64,
    partitions_done: i64,
    partitions_total: i64,
}

impl Telling<'_> {
    /// As the statement is sent.
    pub(super) fn begun(&self) -> Progress {
        let (number, total) = (words::number(self.step, self.at), words::total(self.step));
        let done = u64::from(number.saturating_sub(1));
        let progress = Progress::phase(self.phase()).of(done, total.into(), "statements");
        progress.detail(self.head())
    }

    /// While it runs.
    pub(super) fn running(&self, elapsed: Duration, seen: &[InTheWay], build: Option<&Build>) -> Progress {
        let mut progress = self.begun();
        let waits = InTheWay::first(seen).map(|who| format!("waits for {who}"));
        let counted = build.and_then(Build::counted);
        if let Some((done, total, unit)) = counted {
            progress = progress.of(done, total, unit);
        }
        let parts = [Some(self.head()), Some(seconds(elapsed)), build.map(|one| one.phase.clone()), waits];
        progress.detail(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
    }

    /// Between two tries.
    pub(super) fn retry(&self, seen: &[InTheWay], next: &str, pause: Duration) -> Progress {
        let who = InTheWay::first(seen).unwrap_or_else(|| "another session".to_owned());
        let pause = pause.as_secs_f32();
        self.begun().detail(format!("{who} was in the way: try {next} in {pause:.1} s"))
    }

    fn phase(&self) -> String {
        let PlannedMigration { version, name, direction, .. } = self.step;
        let way = if *direction == Direction::Up { "up" } else { "down" };
        let (number, total) = (words::number(self.step, self.at), words::total(self.step));
        format!("{version} {name} {way}: statement {number} of {total}")
    }

    fn head(&self) -> String {
        let statement = self.step.statements.get(self.at);
        statement.and_then(|statement| statement.sql.lines().next()).unwrap_or_default().to_owned()
    }
}

impl Build {
    pub(super) async fn read(session: &mut PgConnection, pid: i32) -> Result<Option<Self>> {
        Ok(sqlx::query_as(include_str!("build.sql")).bind(pid).fetch_optional(session).await?)
    }

    /// What the phase counts, if anything.
    fn counted(&self) -> Option<(u64, u64, &'static str)> {
        let counts = [
            (self.blocks_done, self.blocks_total, "blocks"),
            (self.tuples_done, self.tuples_total, "rows"),
            (self.lockers_done, self.lockers_total, "sessions waited for"),
            (self.partitions_done, self.partitions_total, "partitions"),
        ];
        let (done, total, unit) = counts.into_iter().find(|(_, total, _)| *total > 0)?;
        Some((done.unsigned_abs(), total.unsigned_abs(), unit))
    }
}

fn seconds(elapsed: Duration) -> String {
    format!("{} s", elapsed.as_secs())
}
