//! Prints what other files are generated from the command table; `cargo xtask gen` writes it where it belongs.
//!
//! `bindings` prints the TypeScript, `bindings commands` the names for the plugin's build script,
//! `bindings permissions` the plugin's permission sets.

use evaldesk_api::typescript;

#[expect(clippy::print_stdout, reason = "its output is its purpose")]
fn main() {
    let text = match std::env::args().nth(1).as_deref() {
        Some("commands") => typescript::command_names(),
        Some("permissions") => typescript::permission_sets(),
        _ => typescript::bindings(),
    };
    print!("{text}");
}
