//! From chosen versions to the statements that will be sent.

use std::collections::HashSet;

use super::super::Blocks;
use super::estimate::cost;
use super::reading::Reading;
use super::relations::{Relation, Relations, Wanted};
use super::{PlannedLock, PlannedMigration, PlannedStatement, StatementPurpose, Step};
use crate::ident::QualifiedName;
use crate::sql::{LockMode, SafeSql};
use crate::{Error, ErrorKind, Result};

/// A version, read.
pub(super) struct ReadStep<'a> {
    step: &'a Step<'a>,
    statements: Vec<ReadStatement>,
}

/// A statement, read.
pub(super) struct ReadStatement {
    /// Its number in the file, from 0.
    index: Option<u32>,
    sql: String,
    line: u32,
    purpose: StatementPurpose,
    pub(super) reading: Reading,
}

/// Reads every statement of every step. Asks no database.
pub(super) fn read_steps<'a>(steps: &'a [Step<'a>]) -> Result<Vec<ReadStep<'a>>> {
    let mut new_tables = HashSet::new();
    steps.iter().map(|step| read_step(step, &mut new_tables)).collect()
}

fn read_step<'a>(step: &'a Step<'a>, new_tables: &mut HashSet<String>) -> Result<ReadStep<'a>> {
    let script = step.script()?;
    let purpose =
        if step.migration.ruby.is_some() { StatementPurpose::Rake } else { StatementPurpose::Migration };
    let left =
        script.statements.iter().enumerate().filter(|(index, statement)| step.runs(*index, &statement.text));
    let statements = left.map(|(index, statement)| ReadStatement {
        index: u32::try_from(index).ok(),
        sql: statement.text.clone(),
        line: u32::try_from(statement.line).unwrap_or(u32::MAX),
        purpose,
        reading: Reading::of(&statement.text, new_tables),
    });
    Ok(ReadStep { step, statements: statements.collect() })
}

impl ReadStep<'_> {
    /// The version that it is about, and what its statements are about.
    pub(super) fn readings(&self) -> impl Iterator<Item = (&Step<'_>, &Reading)> {
        self.statements.iter().map(|statement| (self.step, &statement.reading))
    }
}

/// Every name that the plan is about.
pub(super) fn wanted(steps: &[ReadStep<'_>]) -> Wanted {
    let mut wanted = Wanted::default();
    for (_, reading) in steps.iter().flat_map(ReadStep::readings) {
        reading.locks.iter().for_each(|(name, _)| wanted.relation(name));
        reading.rewrites.iter().chain(&reading.scans).for_each(|name| wanted.relation(name));
        for dropped in &reading.drops {
            match &dropped.of_table {
                Some(table) => wanted.with_columns(table),
                None => wanted.relation(&dropped.name),
            }
        }
        if let Some(build) = &reading.builds {
            wanted.with_columns(&build.table);
            build
                .name
                .iter()
                .filter(|_| build.concurrently)
                .for_each(|name| wanted.index(name, &build.table));
        }
    }
    wanted
}

/// The statements with everything that is known about them here and now.
pub(super) fn plan_steps(steps: &[ReadStep<'_>], relations: &Relations) -> Result<Vec<PlannedMigration>> {
    steps.iter().map(|step| plan_step(step, relations)).collect()
}

fn plan_step(read: &ReadStep<'_>, relations: &Relations) -> Result<PlannedMigration> {
    let (migration, script) = (read.step.migration, read.step.script()?);
    let mut statements = Vec::new();
    for statement in &read.statements {
        statements.extend(leftover(&statement.reading, relations)?);
        statements.push(statement.plan(relations).known_to_ruby_alone());
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
    fn plan(&self, relations: &Relations) -> PlannedStatement {
        let reading = &self.reading;
        let cost = cost(reading, relations);
        let touched: Vec<_> = touched(reading, relations);
        let sum = |of: fn(&Relation) -> i64| {
            (!touched.is_empty()).then(|| touched.iter().map(|found| of(found)).sum())
        };
        PlannedStatement {
            sql: self.sql.clone(),
            index: self.index,
            line: self.line,
            purpose: self.purpose,
            lock: reading.impact.lock.clone(),
            relations: reading.impact.relations.iter().map(|name| relations.shown(name)).collect(),
            blocks: reading.impact.blocks,
            consequence: reading.impact.consequence.clone(),
            locks: locks(reading, relations),
            rewrites: reading.rewrites.iter().map(|name| relations.shown(name)).collect(),
            scans: reading.scans.iter().map(|name| relations.shown(name)).collect(),
            rows: sum(|found| found.rows),
            bytes: sum(Relation::total_bytes),
            reads_bytes: cost.reads_bytes,
            estimate_ms: cost.ms,
            estimate_basis: cost.basis,
            disk_bytes: cost.disk_bytes,
            rehearsable: reading.rehearsable,
        }
    }
}

/// The tables that it locks, each once.
fn touched<'a>(reading: &Reading, relations: &'a Relations) -> Vec<&'a Relation> {
    let mut found: Vec<_> = reading.locks.iter().filter_map(|(name, _)| relations.get(name)).collect();
    found.retain(|relation| relation.is_table());
    found.sort_by_key(|relation| relation.oid);
    found.dedup_by_key(|relation| relation.oid);
    found
}

fn locks(reading: &Reading, relations: &Relations) -> Vec<PlannedLock> {
    let mut locks: Vec<_> =
        reading.locks.iter().map(|(name, mode)| lock(reading, relations.shown(name), *mode)).collect();
    locks.sort_by(|a, b| b.mode.cmp(&a.mode));
    locks
}

fn lock(reading: &Reading, relation: String, mode: LockMode) -> PlannedLock {
    let (blocks, words) = match mode {
        _ if reading.is_harmless() => (Blocks::Nobody, reading.impact.consequence.clone()),
        mode if mode.blocks_reads() => (Blocks::ReadsAndWrites, mode.words().to_owned()),
        mode if mode.blocks_writes() => (Blocks::Writes, mode.words().to_owned()),
        mode => (Blocks::Nobody, mode.words().to_owned()),
    };
    PlannedLock { relation, mode, blocks, words }
}

/// A build that broke off leaves an invalid index of the name: `if not exists` would skip it for ever.
fn leftover(reading: &Reading, relations: &Relations) -> Result<Option<PlannedStatement>> {
    let Some(build) = reading.builds.as_ref().filter(|build| build.concurrently) else { return Ok(None) };
    let Some(name) = &build.name else { return Ok(None) };
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
    let sql = SafeSql::new("drop index concurrently ").name(&index).to_string();
    let reading = Reading::of(&sql, &mut HashSet::new());
    let statement = ReadStatement { index: None, sql, line: 0, purpose: StatementPurpose::Leftover, reading };
    Ok(Some(statement.plan(relations)))
}

/// A statement that keeps the ledger.
pub(super) fn ledger(sql: &str, reading: Reading) -> PlannedStatement {
    let statement = ReadStatement {
        index: None,
        sql: sql.to_owned(),
        line: 0,
        purpose: StatementPurpose::Ledger,
        reading,
    };
    statement.plan(&Relations::default())
}
