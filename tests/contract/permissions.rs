//! The plugin lets a window do what the command table says, no more and no less.

use std::collections::{BTreeMap, BTreeSet};

use evaldesk_api::COMMANDS;

use crate::sources::text;

/// Closing a stream is no row of the table: whoever may open one may close it.
const CLOSE: &str = "stream_close";

#[test]
fn the_plugin_has_exactly_the_commands_of_the_table() {
    let known: BTreeSet<String> =
        text("crates/tauri-plugin/src/commands.txt").lines().map(str::to_owned).collect();
    let table: BTreeSet<String> =
        COMMANDS.iter().map(|command| command.name).chain([CLOSE]).map(str::to_owned).collect();
    assert_eq!(known, table, "run `cargo xtask gen`");
}

#[test]
fn every_command_is_in_the_permission_set_that_the_table_names() {
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for command in COMMANDS {
        table.entry(kebab(command.permission)).or_default().insert(format!("allow-{}", kebab(command.name)));
    }
    table.entry("read-only".to_owned()).or_default().insert(format!("allow-{}", kebab(CLOSE)));
    assert_eq!(sets(), table, "run `cargo xtask gen`");
}

#[test]
fn by_default_a_window_only_reads() {
    let default = &manifest()["default"]["permissions"];
    assert_eq!(
        default.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>(),
        ["read-only"]
    );
}

#[test]
fn a_window_that_may_only_read_replaces_no_file_of_the_user() {
    let set = |name: &str| COMMANDS.iter().find(|command| command.name == name).unwrap().permission;
    assert_eq!((set("query_export"), set("query_export_replace")), ("read_only", "write_data"));
}

fn manifest() -> toml::Table {
    text("crates/tauri-plugin/permissions/sets.toml").parse().unwrap()
}

fn sets() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = manifest();
    let sets = manifest["set"].as_array().unwrap();
    sets.iter()
        .map(|set| (set["identifier"].as_str().unwrap().to_owned(), names(&set["permissions"])))
        .collect()
}

fn names(list: &toml::Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}
