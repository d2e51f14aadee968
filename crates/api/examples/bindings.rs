//! Prints what `cargo xtask gen` writes: the TypeScript of the command table, or with `table` its rows.

#[expect(clippy::print_stdout, reason = "its output is its purpose")]
fn main() {
    if std::env::args().nth(1).as_deref() != Some("table") {
        return print!("{}", evaldesk_api::typescript::bindings());
    }
    for command in evaldesk_api::COMMANDS {
        println!("{} {}", command.name, command.permission);
    }
}
