//! What would run: the versions in order, every statement of them, what each locks, and what dies.
//!
//! A plan carries its request. Applying plans again from the same request and compares the hashes, so that a file or
//! a ledger that changed in between makes the plan stale rather than wrong.

mod blockers;
mod choose;
mod disk;
mod doomed;
mod doomed_kind;
mod estimate;
mod locks;
mod made;
mod notices;
mod partitioned;
mod planned;
mod reading;
mod relations;
mod request;
mod script;
mod statement;
mod statements;
mod work;

use sqlx::PgConnection;

use super::assess::Assessment;
use super::file::{Migration, Script};
use super::ledger::Ledger;
use super::log::EntryId;
use super::{LedgerPlace, MigrationContext};
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::sql::statement::NEWEST_MAJOR;
use crate::{Error, ErrorKind, Result};
use relations::Relations;

pub(super) use estimate::duration;

pub use blockers::{BlockerKind, HeldLock, PlanBlocker, StatementPlace};
pub use disk::PlannedDisk;
pub use doomed::Doomed;
pub use doomed_kind::DoomedKind;
pub use planned::{MigrationPlan, PlannedMigration};
pub use request::{Direction, MigrationRequest};
pub use statement::{PlannedLock, PlannedStatement, Rehearsable, StatementPurpose};

/// Plans what is asked for. Only reads.
pub async fn plan_migrate(
    database: &Database,
    context: &MigrationContext,
    request: MigrationRequest,
) -> Result<MigrationPlan> {
    let mut session = database.pool().acquire().await?;
    plan_on(&mut session, context, request).await
}

/// Plans on a session that may hold the locks already.
pub(super) async fn plan_on(
    session: &mut PgConnection,
    context: &MigrationContext,
    request: MigrationRequest,
) -> Result<MigrationPlan> {
    let set = context.set.as_ref();
    let assessment = Assessment::read(session, context).await?;
    let ledger = &assessment.ledger;
    let mut chosen = choose::choose(&assessment, set, &request)?;
    choose::find_place(session, &mut chosen).await?;
    choose::leave_out(session, &mut chosen.steps).await?;
    for step in &chosen.steps {
        ledger.check_usable(&step.migration.version)?;
    }
    let major = server_major(session);
    let mut read = statements::read_steps(&chosen.steps, major)?;
    let spread = partitioned::spread(session, &mut read, major).await?;
    let relations = Relations::read(session, statements::wanted(&read)).await?;
    let steps = statements::plan_steps(&read, &relations, major)?;
    let server: Server = sqlx::query_as(include_str!("plan/visibility.sql")).fetch_one(&mut *session).await?;
    let free = disk::free(server.data_directory.as_deref(), server.started);
    let nothing = steps.is_empty();
    let create_ledger = if nothing { None } else { ledger.create()? };
    let own_schema = if nothing { Vec::new() } else { ledger.own_schema_statements()? };
    let mut plan = MigrationPlan {
        hash: String::new(),
        request,
        origin: set.origin().to_owned(),
        database: server.database,
        ledger: ledger.kind,
        ledger_place: place(ledger, &chosen.steps),
        environment: ledger.environment.clone(),
        create_ledger: create_ledger.as_ref().map(|sql| statements::ledger(sql.as_str(), major)),
        own_schema: own_schema.iter().map(|sql| statements::ledger(sql.as_str(), major)).collect(),
        notices: chosen.notices.into_iter().chain(spread).collect(),
        doomed: doomed::doomed(&read, &relations),
        blockers: blockers::blockers(session, &steps, &relations).await?,
        disk: PlannedDisk::of(&steps, free),
        estimate_ms: estimates(&steps).flatten().sum(),
        without_estimate: u32::try_from(estimates(&steps).filter(Option::is_none).count())
            .unwrap_or(u32::MAX),
        steps,
    };
    plan.notices.extend(notices::notices(&plan, server.sees_all));
    plan.hash = plan.hash_with(&ledger.versions)?;
    Ok(plan)
}

/// Where the steps are written down: a version that stands somewhere stays there, whoever's the ledger is.
fn place(ledger: &Ledger, steps: &[Step<'_>]) -> LedgerPlace {
    let mut places = steps.iter().map(|step| ledger.place_of(&step.migration.version));
    match places.next() {
        Some(first) if places.all(|place| place == first) => first,
        _ => ledger.place,
    }
}

/// What a plan has to know of the server.
#[derive(sqlx::FromRow)]
struct Server {
    sees_all: bool,
    database: String,
    data_directory: Option<String>,
    started: i64,
}

fn estimates(steps: &[PlannedMigration]) -> impl Iterator<Item = Option<i64>> {
    steps.iter().flat_map(|step| &step.statements).map(|statement| statement.estimate_ms)
}

/// A migration and the way it goes.
#[derive(Debug, Clone)]
struct Step<'a> {
    migration: &'a Migration,
    direction: Direction,
    /// Statements that an earlier run has done.
    from: u32,
    /// The entry of the log that it goes on with.
    continues: Option<EntryId>,
    /// It goes on in the same file, and this statement of it was under way.
    resumes: bool,
    open: Option<u32>,
    /// It takes back what a broken run left: statements with nothing to do are left out.
    mends: bool,
    /// Those, counted from 0.
    left_out: Vec<usize>,
    /// The statement that was under way when the run broke off which this one takes back.
    broken: Option<&'a str>,
    /// What such a statement left behind, to be cleared away first.
    clears: Vec<choose::Clear>,
    /// What is sent in the place of a statement, counted from 0.
    instead: Option<(usize, SafeSql)>,
}

impl<'a> Step<'a> {
    fn new(migration: &'a Migration, direction: Direction) -> Self {
        Self {
            migration,
            direction,
            from: 0,
            continues: None,
            resumes: false,
            open: None,
            mends: false,
            left_out: Vec::new(),
            broken: None,
            clears: Vec::new(),
            instead: None,
        }
    }

    /// Whether a statement of the script, counted from 0, is to run.
    fn runs(&self, index: usize, sql: &str) -> bool {
        let is_left = index >= self.from as usize && !self.left_out.contains(&index);
        is_left || (self.resumes && choose::sets_for_others(sql))
    }

    fn script(&self) -> Result<&'a Script> {
        self.migration.check_runnable(self.direction)?;
        match self.direction {
            Direction::Up => Ok(&self.migration.up),
            Direction::Down => self.migration.down.as_ref().ok_or_else(|| irreversible(self.migration)),
        }
    }
}

fn irreversible(migration: &Migration) -> Error {
    let what = format!("{} {} cannot be taken back: it has no .down.sql", migration.version, migration.name);
    Error::new(ErrorKind::Precondition, what).hint("Write a new version that undoes it, or restore a backup.")
}

/// From what the server said when the session began: no question needed.
fn server_major(session: &PgConnection) -> u32 {
    session.server_version_num().map_or(NEWEST_MAJOR, |number| number / 10_000)
}
