//! A test file that no `main.rs` names never runs, and nobody notices.

use regex::Regex;

use crate::sources::{expect_none, shown, text};

#[test]
fn every_test_file_is_named_by_its_main() {
    let mut forgotten = Vec::new();
    for folder in ["integration", "cli", "contract", "faults"] {
        let main = text(format!("tests/{folder}/main.rs"));
        for entry in std::fs::read_dir(support::root().join("tests").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let is_module = path.extension().is_some_and(|end| end == "rs") || path.join("mod.rs").exists();
            if is_module
                && name != "main"
                && !Regex::new(&format!(r"(?m)^mod {name};")).unwrap().is_match(&main)
            {
                forgotten.push(shown(&path));
            }
        }
    }
    expect_none(&forgotten, "no main.rs names:");
}
