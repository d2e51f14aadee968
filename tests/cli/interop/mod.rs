//! One database, two tools: what the other applied is seen, and the other goes on working.

mod dbmate;
mod rails;
mod sqlx;

use std::path::Path;

use support::Cli;

/// `evaldesk migrate status --json` as "version state" lines.
fn states(cli: &Cli, url: &str, folder: &Path) -> Vec<String> {
    let folder = folder.to_str().unwrap();
    let status = cli.json(&["migrate", "status", "--json", "--url", url, "--folder", folder]);
    let rows = status["migrations"].as_array().unwrap();
    let line = |row: &serde_json::Value| {
        let state = row["state"].as_str().or_else(|| row["state"]["kind"].as_str()).unwrap();
        format!("{} {state}", row["version"].as_str().unwrap())
    };
    rows.iter().map(line).collect()
}

fn migrate(cli: &Cli, url: &str, folder: &Path, words: &[&str]) -> support::Finished {
    let mut all = vec!["migrate"];
    all.extend(words);
    all.extend(["--yes", "--url", url, "--folder", folder.to_str().unwrap()]);
    cli.run(&all)
}
