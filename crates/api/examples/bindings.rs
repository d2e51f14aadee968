//! Prints what other files are generated from the command table; `cargo xtask gen` writes them where they belong.
//!
//! `bindings` prints the TypeScript, `bindings table` a line a command: its name and its permission set.

use evaldesk_api::{COMMANDS, typescript};

#[expect(clippy::print_stdout, reason = "its output is its purpose")]
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("table") => {
            COMMANDS.iter().for_each(|command| println!("{} {}", command.name, command.permission));
        }
        _ => print!("{}", typescript::bindings()),
    }
}
