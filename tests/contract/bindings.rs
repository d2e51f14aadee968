//! What is written from the command table is what the table says today.

use crate::sources::text;

#[test]
fn the_typescript_of_the_ui_is_fresh() {
    fresh("ui/src/lib/ipc/generated.ts");
}

#[test]
fn the_typescript_of_the_plugin_is_fresh() {
    fresh("crates/tauri-plugin/guest-js/generated.ts");
}

fn fresh(path: &str) {
    let same = text(path) == evaldesk_api::typescript::bindings();
    assert!(same, "{path} is not what the command table says: run `cargo xtask gen`");
}
