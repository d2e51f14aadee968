//! Campaigns that are too long for a test run: `cargo xtask fuzz guard [--cases N] [--seed S] [--pg 12,15,18]`.

// It speaks to the person who runs it.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    assert!(words.first().is_some_and(|subject| subject == "guard"), "known is guard");
    let value = |name: &str| words.iter().position(|word| word == name).map(|at| words[at + 1].clone());
    let cases = value("--cases").map_or(100_000, |cases| cases.parse().unwrap());
    let seed = value("--seed").map_or(1, |seed| seed.parse().unwrap());
    let majors = value("--pg").unwrap_or_else(|| "12,15,18".to_owned());
    let mut failed = false;
    for major in majors.split(',').map(|major| major.parse().unwrap()) {
        let report = support::guard_fuzz::campaign(major, cases, seed).await;
        println!(
            "PostgreSQL {major}: {} statements (seed {seed}), {} refused, {} let through, of which {} succeeded; {} wrong",
            report.cases,
            report.refused,
            report.reads,
            report.succeeded,
            report.wrong.len()
        );
        for (origin, (made, through)) in &report.origins {
            println!("  {origin}: {made}, let through {through}");
        }
        failed |= !report.wrong.is_empty();
    }
    assert!(!failed, "the guard was wrong");
}
