//! The desktop program.

// Without this, Windows would open a console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    evaldesk_desktop::run()
}
