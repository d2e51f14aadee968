//! Indexes of partitioned tables: no server builds or drops them CONCURRENTLY as a whole.
//!
//! A build is planned the documented way
//! (<https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE>): on the parent
//! alone, then on each partition while others write, then attached. The statement of the file counts as under way with
//! the first of these and as done with the last. What the catalog has already of an earlier try is left out, so that
//! planning again is how it is resumed.

mod name;
mod spread;
mod tree;

use std::collections::HashSet;

use sqlx::PgConnection;

use super::statements::{ReadStatement, ReadStep};
use super::{Direction, Step};
use crate::sql::statement::{Effects, ObjectKind, bare_name};
use crate::{Error, ErrorKind, Result};
use tree::Trees;

/// Puts what the server takes in the place of what it would refuse, and says so.
pub(super) async fn spread(
    session: &mut PgConnection,
    steps: &mut [ReadStep<'_>],
    major: u32,
) -> Result<Vec<String>> {
    let statements = || steps.iter().filter(|step| step.is_alone()).flat_map(|step| &step.statements);
    let tables: Vec<_> = statements().filter_map(built_on).map(str::to_owned).collect();
    let indexes: Vec<_> = statements().filter_map(|one| one.reading.drops_concurrently.clone()).collect();
    if tables.is_empty() && indexes.is_empty() {
        return Ok(Vec::new());
    }
    let trees = Trees::read(session, &tables, &indexes).await?;
    not_made_here(steps, &trees)?;
    let mut notices = Vec::new();
    let mut gone = HashSet::new();
    for read in steps.iter_mut().filter(|step| step.is_alone()) {
        let mut statements = Vec::new();
        for statement in std::mem::take(&mut read.statements) {
            let drops = Effects::names(&statement.reading.effects.drops, ObjectKind::Index);
            let dropped: Vec<_> = drops.map(bare_name).collect();
            let (sent, notice) = trees.instead_of(statement, read.step, &gone, major)?;
            gone.extend(dropped);
            statements.extend(sent);
            notices.extend(notice);
        }
        read.statements = statements;
    }
    Ok(notices)
}

/// The table that a statement builds an index on while others write.
fn built_on(statement: &ReadStatement) -> Option<&str> {
    let build = statement.reading.builds.as_ref()?;
    (build.concurrently && !build.only).then_some(build.table.as_str())
}

/// What the plan itself makes partitioned has partitions only once it has run.
fn not_made_here(steps: &[ReadStep<'_>], trees: &Trees) -> Result<()> {
    let mut made: Vec<(&str, &Step<'_>)> = Vec::new();
    for read in steps {
        for statement in &read.statements {
            let maker = built_on(statement).and_then(|table| made.iter().find(|(name, _)| *name == table));
            if let Some((table, maker)) = maker {
                return Err(made_before(table, maker, read.step, statement.line));
            }
            let new =
                statement.reading.partitions.as_deref().filter(|table| !trees.of_table.contains_key(*table));
            made.extend(new.map(|table| (table, read.step)));
        }
    }
    Ok(())
}

fn made_before(table: &str, maker: &Step<'_>, step: &Step<'_>, line: u32) -> Error {
    let (version, name) = (&step.migration.version, &step.migration.name);
    let what = format!(
        "{version} {name}, line {line}: no server builds an index concurrently on {table}, which is partitioned"
    );
    let made = &maker.migration.version;
    let hint = match maker.direction {
        Direction::Up if *made != *version => format!(
            "Apply {made} first, with evaldesk migrate up {made}: once {table} is there, the index is built partition by partition. Or take CONCURRENTLY out: a table that is new has no rows to wait for."
        ),
        _ => "Take CONCURRENTLY out: a table that is new has no rows to wait for.".to_owned(),
    };
    Error::new(ErrorKind::Precondition, what).hint(hint)
}
