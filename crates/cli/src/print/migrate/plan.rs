//! A plan: as a table, as SQL, and as lines before a question.

use evaldesk_api::core::migrate::{Blocks, Direction, MigrationPlan, PlannedMigration, PlannedStatement};

use super::word;
use crate::print::{Align, Table, bytes, duration, line, note, tame};

/// A line a statement, then what a person weighs before saying yes.
pub(crate) fn plan(plan: &MigrationPlan) {
    if !nothing_to_do(plan) {
        statements(plan).print();
    }
    weighed(plan);
}

/// A script that does what the plan does, with what weighs in it as comments.
pub(crate) fn plan_sql(plan: &MigrationPlan) {
    if !nothing_to_do(plan) {
        line(tame(&plan.to_sql()).trim_end());
    }
    weighed(plan);
}

/// Before a question, what it is about: no part of the result.
pub(crate) fn plan_notes(plan: &MigrationPlan) {
    plan.create_ledger.iter().chain(&plan.own_schema).for_each(|create| note(&sql_of(create)));
    plan.steps.iter().for_each(|step| note(&sql(step)));
    weighed(plan);
}

/// What a person should know before saying yes.
pub(crate) fn notices(plan: &MigrationPlan) {
    plan.notices.iter().for_each(|notice| note(&tame(notice)));
}

fn nothing_to_do(plan: &MigrationPlan) -> bool {
    if plan.steps.is_empty() {
        note("Nothing to do.");
    }
    plan.steps.is_empty()
}

fn statements(plan: &MigrationPlan) -> Table {
    let mut table = Table::new(&[
        ("#", Align::Right),
        ("Statement", Align::Left),
        ("Lock", Align::Left),
        ("Meanwhile", Align::Left),
        ("Reads", Align::Left),
        ("About", Align::Right),
    ]);
    let ledger: Vec<_> = plan.create_ledger.iter().chain(&plan.own_schema).collect();
    if !ledger.is_empty() {
        table.under("first, what keeps the ledger");
        ledger.iter().enumerate().for_each(|(at, statement)| table.row(row(at + 1, statement)));
    }
    for step in &plan.steps {
        table.under(&head(step));
        for (at, statement) in step.statements.iter().enumerate() {
            table.row(row(at + 1, statement));
        }
    }
    table
}

fn row(number: usize, statement: &PlannedStatement) -> [String; 6] {
    let about = statement.estimate_ms.map_or_else(unknown, estimate);
    let (lock, meanwhile) = (lock(statement), statement.consequence.clone());
    [number.to_string(), one_line(&statement.sql), lock, meanwhile, reads(statement), about]
}

fn unknown() -> String {
    "unknown".to_owned()
}

/// Below a tenth of a second the estimate is 0, and 0 ms would say more than is known.
fn estimate(ms: i64) -> String {
    if ms < 100 { "at once".to_owned() } else { duration(ms as f64) }
}

fn reads(statement: &PlannedStatement) -> String {
    let size = statement.reads_bytes.filter(|size| *size > 0).map(|size| format!(", {}", bytes(size)));
    let size = size.unwrap_or_default();
    match (statement.rewrites.as_slice(), statement.scans.as_slice()) {
        ([], []) => "-".to_owned(),
        ([], scans) => format!("scans {}{size}", scans.join(", ")),
        (rewrites, _) => format!("rewrites {}{size}", rewrites.join(", ")),
    }
}

/// Sizes, who is in the way, what dies, and what else should be known.
fn weighed(plan: &MigrationPlan) {
    notices(plan);
    if !plan.steps.is_empty() {
        note(&total(plan));
    }
    plan.blockers.iter().for_each(|blocker| note(&tame(&format!("In the way now: {}", blocker.words))));
    plan.doomed.iter().for_each(|doomed| {
        let size = doomed.bytes.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
        note(&tame(&format!("Dies with it: {}{size}", doomed.in_words())));
    });
}

fn total(plan: &MigrationPlan) -> String {
    let statements = word::many(plan.statement_count() as u64, "statement", "statements");
    let free = match (&plan.disk.free_bytes, &plan.disk.free_unknown) {
        (Some(free), _) => format!("{} free", bytes(*free)),
        (None, Some(why)) => format!("how much is free is not known: {why}"),
        (None, None) => "how much is free is not known".to_owned(),
    };
    let disk = bytes(plan.disk.needed_bytes);
    format!("{statements}, {}, waiting left out. Disk: about {disk}, {free}.", time(plan))
}

fn time(plan: &MigrationPlan) -> String {
    let known = match plan.estimate_ms {
        ms if ms < 100 => "done at once".to_owned(),
        ms => format!("about {}", estimate(ms)),
    };
    match plan.without_estimate {
        0 => known,
        all if all as usize == plan.statement_count() => "nobody can tell how long".to_owned(),
        some => format!("{known} and {some} that nobody can estimate"),
    }
}

fn head(step: &PlannedMigration) -> String {
    let direction = if step.direction == Direction::Up { "up" } else { "down" };
    let transaction = if step.transactional { "in one transaction" } else { "statement by statement" };
    format!("{} {} {direction}, {transaction}", step.version, step.name)
}

fn sql(step: &PlannedMigration) -> String {
    let statements = step.statements.iter().map(sql_of);
    std::iter::once(format!("-- {}", tame(&head(step)))).chain(statements).collect::<Vec<_>>().join("\n")
}

fn sql_of(statement: &PlannedStatement) -> String {
    let terminated = statement.sql.trim().trim_end_matches(';');
    tame(&format!("{terminated};\n--   {}: {}", lock(statement), statement.consequence))
}

/// Each mode once, the strongest first, with what it is on.
fn lock(statement: &PlannedStatement) -> String {
    let mut modes: Vec<(&'static str, Vec<&str>)> = Vec::new();
    for lock in &statement.locks {
        match modes.iter_mut().find(|(mode, _)| *mode == lock.mode.sql()) {
            Some((_, on)) => on.push(&lock.relation),
            None => modes.push((lock.mode.sql(), vec![&lock.relation])),
        }
    }
    let said: Vec<_> = modes.iter().map(|(mode, on)| format!("{mode} on {}", on.join(", "))).collect();
    match (said.is_empty(), statement.blocks) {
        (false, _) => said.join("; "),
        (true, Blocks::Unknown) => "lock not known".to_owned(),
        (true, _) => "no lock".to_owned(),
    }
}

/// White space as one blank: a statement of many lines is one row.
pub(super) fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
