//! Generates a permission for every command.
//!
//! A build script cannot see the command table without building all of it, so it reads the names from a file that
//! `cargo xtask gen` writes; a contract test holds the two equal.

fn main() {
    println!("cargo:rerun-if-changed=src/commands.txt");
    let names: Vec<&'static str> = include_str!("src/commands.txt").lines().collect();
    let names: &'static [&'static str] = names.leak();
    tauri_plugin::Builder::new(names).build();
}
