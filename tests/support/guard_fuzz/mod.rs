//! Whether what the guard calls a read does more than read: statements are made and changed at random, and each that the
//! guard lets through runs on a real server, once where the session refuses writes and once where it does not.
//!
//! Where the two differ, or where anything is left that a read leaves not (a transaction number, a lock, a setting, a
//! file, a dead session), the guard was wrong.

mod corpus;
mod dice;
mod generate;
mod mutate;
mod oracle;
mod world;

use std::collections::BTreeMap;

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::Database;
use evaldesk_core::query::guard::{GuardRequest, GuardStatement, check};
use evaldesk_core::sql::classify::{Effect, classify};

use dice::Dice;
use oracle::Oracle;
use world::World;

/// What came of a campaign on one server.
#[derive(Debug, Default, Clone)]
pub struct Report {
    pub major: u32,
    pub cases: u64,
    /// Let through, and run twice.
    pub reads: u64,
    /// Of these, how many the server ran to their end.
    pub succeeded: u64,
    /// Refused by the text alone, and by what the catalog says.
    pub refused: u64,
    /// What the guard got wrong: the statement and what it did.
    pub wrong: Vec<(String, String)>,
    /// By where statements came from.
    pub origins: BTreeMap<&'static str, (u64, u64)>,
}

/// Runs so many cases on a fresh database of this version; the seed makes them the same each time.
pub async fn campaign(major: u32, cases: u64, seed: u64) -> Report {
    let world = World::make(major).await;
    let database = world.read_only().await;
    let mut oracle = Oracle::new(&world).await;
    let mut report = Report { major, ..Report::default() };
    let corpus = corpus::statements();
    let mut dice = Dice::new(seed);
    for number in 0..cases {
        let (origin, sql) = statement(&mut dice, &world, &corpus, number, cases);
        report.cases += 1;
        let counts = report.origins.entry(origin).or_default();
        counts.0 += 1;
        if !lets_through(&database, &sql).await {
            report.refused += 1;
            continue;
        }
        counts.1 += 1;
        report.reads += 1;
        let found = oracle.judge(&sql).await;
        report.succeeded += u64::from(found.succeeded);
        if let Some(wrong) = found.wrong {
            eprintln!("{major}: {wrong}: {sql}");
            report.wrong.push((sql, wrong));
        }
        if number % 10_000 == 9_999 {
            eprintln!(
                "{major}: {} of {cases}, {} reads, {} wrong",
                number + 1,
                report.reads,
                report.wrong.len()
            );
        }
    }
    report
}

/// What is found of statements that are let through without the guard: whether the campaign would notice a mistake.
pub async fn noticed(major: u32, statements: &[&str]) -> Vec<Option<String>> {
    let mut found = Vec::new();
    for sql in statements {
        let world = World::make(major).await;
        found.push(Oracle::new(&world).await.judge(&world.named(sql)).await.wrong);
    }
    found
}

/// Which statements of a text the guard lets through; it has the same words as the campaign's.
pub async fn let_through(major: u32, text: &str) -> Vec<String> {
    let world = World::make(major).await;
    let database = world.read_only().await;
    let mut found = Vec::new();
    for sql in corpus::cut(text) {
        if lets_through(&database, &world.named(&sql)).await {
            found.push(sql);
        }
    }
    found
}

/// First every function that is called harmless, with arguments of its types; then the corpus as it is; then chance.
fn statement(
    dice: &mut Dice,
    world: &World,
    corpus: &[String],
    number: u64,
    cases: u64,
) -> (&'static str, String) {
    let at = usize::try_from(number).unwrap_or(usize::MAX);
    // A sample takes of the first two a part that fits it.
    let step =
        (world.calls.len() + corpus.len()).div_ceil(usize::try_from(cases / 2).unwrap_or(1).max(1)).max(1);
    let planned = at.saturating_mul(step);
    if let Some(call) = world.calls.get(planned) {
        return ("function", call.clone());
    }
    if let Some(sql) = corpus.get(planned.saturating_sub(world.calls.len())) {
        return ("corpus", world.named(sql));
    }
    match dice.below(10) {
        0..4 => ("generated", generate::statement(dice, world)),
        4..7 => {
            let sql = &corpus[dice.below(corpus.len())];
            ("mutated corpus", mutate::statement(dice, world, sql, corpus))
        }
        _ => {
            let made = generate::statement(dice, world);
            ("mutated generated", mutate::statement(dice, world, &made, corpus))
        }
    }
}

async fn lets_through(database: &Database, sql: &str) -> bool {
    if matches!(classify(sql).effect, Effect::Write | Effect::Ddl) {
        return false;
    }
    let statements = [GuardStatement { sql, line: 1 }];
    let request = GuardRequest { statements: &statements, ..GuardRequest::default() };
    match check(database, &request).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Refused, "the guard failed at {sql}: {error}");
            false
        }
    }
}
