//! From chosen versions to the statements that will be sent.

use super::choose::Clear;
use super::estimate::cost;
use super::locks::{self, Lock};
use super::made::Made;
use super::reading::Reading;
use super::relations::{Relation, Relations, Wanted};
use super::work::Work;
use super::{Direction, PlannedMigration, PlannedStatement, StatementPurpose, Step};
use crate::ident::QualifiedName;
use crate::migrate::file::RubyDrop;
use crate::sql::statement::{Object, ObjectKind};
use crate::{Error, ErrorKind, Result};

/// A version, read.
pub(super) struct ReadStep<'a> {
    pub(super) step: &'a Step<'a>,
    pub(super) statements: Vec<ReadStatement>,
}

/// A statement, read.
pub(super) struct ReadStatement {
    /// Its number in the file, from 0.
    pub(super) index: Option<u32>,
    pub(super) sql: String,
    pub(super) line: u32,
    pub(super) purpose: StatementPurpose,
    pub(super) reading: Reading,
}

/// Reads every statement of every step, as a server of this major version runs it. Asks no database.
pub(super) fn read_steps<'a>(steps: &'a [Step<'a>], major: u32) -> Result<Vec<ReadStep<'a>>> {
    steps.iter().map(|step| read_step(step, major)).collect()
}

fn read_step<'a>(step: &'a Step<'a>, major: u32) -> Result<ReadStep<'a>> {
    let script = step.script()?;
    let purpose =
        if step.migration.ruby.is_some() { StatementPurpose::Rake } else { StatementPurpose::Migration };
    let left =
        script.statements.iter().enumerate().filter(|(index, statement)| step.runs(*index, &statement.text));
    let in_transaction = !script.directives.no_transaction;
    let clears = step.clears.iter().map(|clear| {
        ReadStatement::of_ours(clear.sql(in_transaction).as_str(), StatementPurpose::Leftover, major)
    });
    let statements = left.map(|(index, statement)| {
        let instead = step.instead.as_ref().filter(|(at, _)| *at == index).map(|(_, sql)| sql.as_str());
        let sql = instead.unwrap_or(&statement.text);
        ReadStatement {
            index: u32::try_from(index).ok(),
            sql: sql.to_owned(),
            line: u32::try_from(statement.line).unwrap_or(u32::MAX),
            purpose: if instead.is_some() { StatementPurpose::Instead } else { purpose },
            reading: read_statement(step, sql, major),
        }
    });
    Ok(ReadStep { step, statements: clears.chain(statements).collect() })
}

/// Of Ruby that goes down only what it drops can be read.
fn read_statement(step: &Step<'_>, sql: &str, major: u32) -> Reading {
    let mut reading = Reading::of(sql, major);
    if let (Some(ruby), Direction::Down) = (&step.migration.ruby, step.direction) {
        reading.effects.drops = ruby.drops.iter().map(object).collect();
    }
    reading
}

fn object(drop: &RubyDrop) -> Object {
    match &drop.column {
        None => Object { kind: ObjectKind::Table, name: drop.table.clone(), of_table: None },
        Some(column) => {
            let of_table = Some(drop.table.clone());
            Object { kind: ObjectKind::Column, name: column.clone(), of_table }
        }
    }
}

impl ReadStep<'_> {
    /// Whether its statements run each for itself, and are SQL.
    pub(super) fn is_alone(&self) -> bool {
        let script = self.step.script();
        self.step.migration.ruby.is_none() && script.is_ok_and(|script| script.directives.no_transaction)
    }

    /// The version that it is about, and what its statements are about.
    pub(super) fn readings(&self) -> impl Iterator<Item = (&Step<'_>, &Reading)> {
        self.statements.iter().map(|statement| (self.step, &statement.reading))
    }
}

/// Every name that the plan is about.
pub(super) fn wanted(steps: &[ReadStep<'_>]) -> Wanted {
    let mut wanted = Wanted::default();
    for (_, reading) in steps.iter().flat_map(ReadStep::readings) {
        for touch in &reading.effects.touches {
            match touch.spreads.is_empty() && touch.retypes.is_empty() && reading.fills.is_none() {
                true => wanted.relation(&touch.relation),
                false => wanted.deep(&touch.relation),
            }
        }
        for dropped in &reading.effects.drops {
            wanted.deep(dropped.of_table.as_ref().unwrap_or(&dropped.name));
        }
        if let Some(build) = &reading.builds {
            wanted.deep(&build.table);
            build.name.iter().for_each(|name| wanted.index(name, &build.table));
        }
    }
    wanted
}

/// The statements with everything that is known about them here and now.
pub(super) fn plan_steps(
    steps: &[ReadStep<'_>],
    relations: &Relations,
    major: u32,
) -> Result<Vec<PlannedMigration>> {
    let mut made = Made::default();
    steps.iter().map(|step| plan_step(step, relations, &mut made, major)).collect()
}

fn plan_step(
    read: &ReadStep<'_>,
    relations: &Relations,
    made: &mut Made,
    major: u32,
) -> Result<PlannedMigration> {
    let (migration, script) = (read.step.migration, read.step.script()?);
    let mut statements = Vec::new();
    for statement in &read.statements {
        if let Some(leftover) = leftover(read.step, &statement.reading, relations, major)? {
            statements.push(leftover.plan(relations, made));
        }
        statements.push(statement.plan(relations, made).known_to_ruby_alone());
        made.note(&statement.reading.effects);
    }
    Ok(PlannedMigration {
        version: migration.version.clone(),
        name: migration.name.clone(),
        direction: read.step.direction,
        continues: read.step.continues,
        done_before: read.step.from,
        takes_back: read.step.mends,
        transactional: !script.directives.no_transaction,
        path: script.file.clone(),
        sha384: script.sha384.clone(),
        statements,
    })
}

impl ReadStatement {
    /// One that stands in no file.
    pub(super) fn of_ours(sql: &str, purpose: StatementPurpose, major: u32) -> Self {
        Self { index: None, sql: sql.to_owned(), line: 0, purpose, reading: Reading::of(sql, major) }
    }

    fn plan(&self, relations: &Relations, made: &Made) -> PlannedStatement {
        let reading = &self.reading;
        let locks = locks::locks(reading, relations, made);
        let work = Work::of(reading, relations, made);
        let cost = cost(reading, &work);
        let strongest = locks.first().map(|lock| lock.mode);
        let strongly = locks.iter().filter(|lock| Some(lock.mode) == strongest);
        PlannedStatement {
            sql: self.sql.clone(),
            index: self.index,
            line: self.line,
            purpose: self.purpose,
            lock: strongest.map(|mode| mode.sql().to_owned()),
            relations: strongly.map(|lock| lock.shown.clone()).collect(),
            blocks: locks::blocks(reading, &locks),
            consequence: locks::consequence(reading, &locks),
            locks: locks.iter().map(Lock::planned).collect(),
            rewrites: names(&work.rewrites),
            scans: work.read_through(),
            rows: work.sum(|found| found.rows),
            bytes: work.sum(Relation::total_bytes),
            reads_bytes: cost.reads_bytes,
            estimate_ms: cost.ms,
            estimate_basis: cost.basis,
            disk_bytes: cost.disk_bytes,
            waits_for_snapshots: reading.waits_for_snapshots,
            rehearsable: reading.rehearsable,
        }
    }
}

fn names(relations: &[&Relation]) -> Vec<String> {
    relations.iter().map(|found| found.shown.clone()).collect()
}

/// A build that broke off leaves an invalid index of the name: `if not exists` would skip it for ever. So does a drop,
/// which the way back meets.
fn leftover(
    step: &Step<'_>,
    reading: &Reading,
    relations: &Relations,
    major: u32,
) -> Result<Option<ReadStatement>> {
    let builds = reading.builds.as_ref().filter(|build| build.concurrently || step.mends);
    let Some((build, name)) = builds.and_then(|build| Some((build, build.name.as_ref()?))) else {
        return Ok(None);
    };
    let Some(broken) = relations.index(name, &build.table).filter(|index| index.broken) else {
        return Ok(None);
    };
    if let Some(pid) = broken.builder {
        return Err(Error::new(
            ErrorKind::Precondition,
            format!("pid {pid} is building the index {name} right now"),
        )
        .hint("Wait for it to end, then plan again."));
    }
    let index = QualifiedName::new(broken.schema.as_str(), broken.bare.as_str());
    let sql = Clear::Index(index).sql(!step.script()?.directives.no_transaction);
    Ok(Some(ReadStatement::of_ours(sql.as_str(), StatementPurpose::Leftover, major)))
}

/// A statement that keeps the ledger.
pub(super) fn ledger(sql: &str, major: u32) -> PlannedStatement {
    let statement = ReadStatement::of_ours(sql, StatementPurpose::Ledger, major);
    statement.plan(&Relations::default(), &Made::default())
}
