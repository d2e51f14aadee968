//! The same million rows in DbGate and in pgAdmin, each with its own server and store, beside a tab of ours.
//!
//! They are asked as their own pages ask, without a browser: painting comes on top for all three.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use support::{TestDatabase, root};

use super::query::{self, Memory, tab};

/// Rounds; the middle one counts.
const ROUNDS: usize = 3;

/// Measures and prints the table.
pub(crate) async fn bench() {
    let (database, opened) = query::prepared().await;
    let memory = Memory::watch();
    let mut ours = Vec::new();
    for _ in 0..ROUNDS {
        let took = tab(&opened, query::ALL, query::ROWS).await;
        ours.push((took.first.as_secs_f64() * 1000.0, took.all.as_secs_f64() * 1000.0));
    }
    let grown = memory.grown() as f64 / 1024.0 / 1024.0;
    let evaldesk = json!({
        "firstRowsMs": middle(ours.iter().map(|took| took.0)),
        "allRowsMs": middle(ours.iter().map(|took| took.1)),
        "memoryMb": grown,
    });
    let dbgate = rounds(&database, dbgate);
    let pgadmin = rounds(&database, pgadmin);
    let report = json!({ "rows": query::ROWS, "evaldesk": evaldesk, "dbgate": dbgate, "pgadmin": pgadmin });
    println!("{report:#}");
}

fn rounds(database: &TestDatabase, command: fn() -> Command) -> Value {
    let took: Vec<Value> = (0..ROUNDS).map(|_| once(database, command())).collect();
    let of = |name: &str| middle(took.iter().map(|one| one[name].as_f64().unwrap()));
    json!({ "firstRowsMs": of("firstRowsMs"), "allRowsMs": of("allRowsMs"), "memoryMb": of("memoryMb") })
}

fn once(database: &TestDatabase, mut command: Command) -> Value {
    let parsed = evaldesk_core::connection::parse_url(&database.url).unwrap();
    let profile = parsed.profile;
    let password = parsed.password.map(|secret| secret.expose().to_owned()).unwrap_or_default();
    command.args([&profile.host, &profile.port.to_string(), &profile.user, &profile.database, query::ALL]);
    let output = command.env("BENCH_PASSWORD", password).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} ended with {}:\n{said}", output.status);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}:\n{said}"))
}

fn dbgate() -> Command {
    let folder = root().join("tests/peers/query");
    let mut command = Command::new("node");
    command.arg(folder.join("dbgate.mjs")).arg(folder.join("node_modules/dbgate-serve/bin/dbgate-serve.js"));
    command
}

fn pgadmin() -> Command {
    let packages: PathBuf = root().join("target/peers/pgadmin");
    let mut command = Command::new("node");
    command.arg(root().join("tests/peers/query/pgadmin.mjs")).arg("python3").arg(packages.join("pgadmin4"));
    command.env("PYTHONPATH", packages);
    command
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2].round()
}
