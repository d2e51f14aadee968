//! Evaldesk inside a plain Rust program: a session in a folder of its own, a database by URL, its newest runs.
//!
//! ```text
//! cargo run -p embed-rust -- postgresql://user:password@localhost/raaf_eval
//! ```

use std::process::ExitCode;

use evaldesk_api::commands::{RunListArguments, run_list};
use evaldesk_api::core::connection::{MemoryProfiles, MemorySecrets, parse_url};
use evaldesk_api::{Result, Session};

#[tokio::main]
async fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else { return say("usage: embed-rust URL", 2) };
    match newest_runs(&url).await {
        Ok(lines) => say(&lines.join("\n"), 0),
        Err(report) => say(&format!("{report}\n{}", report.hint.as_deref().unwrap_or_default()), 1),
    }
}

/// The names of the newest ten runs, with how they ended.
async fn newest_runs(url: &str) -> Result<Vec<String>> {
    let session = Session::builder(std::env::temp_dir().join("embed-rust"))
        .actor("embed-rust")
        .secrets(std::sync::Arc::new(MemorySecrets::default()))
        .profiles(std::sync::Arc::new(MemoryProfiles::default()))
        .build();
    let parsed = parse_url(url)?;
    let connection = session.pass(parsed.profile, parsed.password);
    let page = run_list(&session, RunListArguments { connection, query: Default::default() }).await?;
    Ok(page
        .runs
        .iter()
        .take(10)
        .map(|run| format!("{:>8}  {:?}  {}", run.id, run.outcome, run.name))
        .collect())
}

#[expect(clippy::print_stdout, reason = "an example talks to its terminal")]
fn say(text: &str, code: u8) -> ExitCode {
    println!("{text}");
    ExitCode::from(code)
}
