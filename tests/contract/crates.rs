//! Who may depend on whom, read from the manifests.

use crate::sources::{expect_none, text};

/// Each crate of the workspace with the crates of ours that it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("crates/core", &[]),
    ("crates/charts", &[]),
    ("crates/api", &["evaldesk-core", "evaldesk-charts"]),
    ("crates/tauri-plugin", &["evaldesk-api"]),
    ("crates/cli", &["evaldesk-api"]),
    ("tests", &["evaldesk-api", "evaldesk-core", "evaldesk-charts"]),
    ("xtask", &[]),
    (".", &["tauri-plugin-evaldesk", "evaldesk-api"]),
    ("examples/embed-rust", &["evaldesk-api"]),
    ("examples/embed-tauri", &["tauri-plugin-evaldesk", "evaldesk-api"]),
];

const MAY_KNOW_TAURI: [&str; 3] = [".", "crates/tauri-plugin", "examples/embed-tauri"];

#[test]
fn a_crate_depends_only_on_what_lies_below_it() {
    let mut wrong = Vec::new();
    for (folder, allowed) in ARROWS {
        for name in
            dependencies(folder).iter().filter(|name| is_ours(name) && !allowed.contains(&name.as_str()))
        {
            wrong.push(format!("{folder}/Cargo.toml names {name}"));
        }
    }
    expect_none(&wrong, "arrows point down only (ARCHITECTURE.md):");
}

#[test]
fn only_the_shell_and_the_plugin_know_tauri() {
    let mut wrong = Vec::new();
    for (folder, _) in ARROWS.iter().filter(|(folder, _)| !MAY_KNOW_TAURI.contains(folder)) {
        let names = dependencies(folder);
        wrong.extend(
            names
                .iter()
                .filter(|name| is_tauri(name))
                .map(|name| format!("{folder}/Cargo.toml names {name}")),
        );
    }
    expect_none(&wrong, "these must not know Tauri:");
}

#[test]
fn core_knows_no_terminal_and_no_charts_and_charts_knows_no_postgres() {
    let core = dependencies("crates/core");
    assert!(!core.iter().any(|name| name.starts_with("clap") || name.starts_with("plotters")), "{core:?}");
    let charts = dependencies("crates/charts");
    assert!(!charts.iter().any(|name| name.starts_with("sqlx") || name.contains("postgres")), "{charts:?}");
}

#[test]
fn every_crate_of_the_workspace_is_in_the_table() {
    let mut members: Vec<String> = std::fs::read_dir(support::root().join("crates"))
        .unwrap()
        .map(|entry| format!("crates/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    members.retain(|member| !ARROWS.iter().any(|(folder, _)| folder == member));
    expect_none(&members, "these crates have no line in ARROWS:");
}

/// The names of everything a crate depends on, for its own use, its tests and its build.
fn dependencies(folder: &str) -> Vec<String> {
    let manifest: toml::Table = text(format!("{folder}/Cargo.toml")).parse().unwrap();
    let mut tables: Vec<&toml::Value> = ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|kind| manifest.get(*kind))
        .collect();
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(|target| target.get("dependencies")));
    }
    tables.into_iter().filter_map(toml::Value::as_table).flat_map(|table| table.keys().cloned()).collect()
}

fn is_ours(name: &str) -> bool {
    name.starts_with("evaldesk") || name == "tauri-plugin-evaldesk"
}

fn is_tauri(name: &str) -> bool {
    name == "tauri" || name.starts_with("tauri-") || name == "wry" || name == "tao"
}
