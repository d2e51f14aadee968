//! Statements that people wrote: our own SQL, our tests' fixtures, and the examples of the parser.

use std::path::Path;

use evaldesk_core::sql::split::split;

/// All of them, each once.
pub(super) fn statements() -> Vec<String> {
    let root = crate::root();
    let mut found = Vec::new();
    for folder in ["migrations", "tests/fixtures", "crates/core/src"] {
        collect(&root.join(folder), &mut found);
    }
    let parser = crate::crate_source("squawk-parser", "2.68.0");
    collect(&parser.join("tests/data"), &mut found);
    found.sort();
    found.dedup();
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "sql") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            found.extend(cut(&text));
        }
    }
}

/// A file that cannot be cut is cut at its empty lines: broken text is welcome here.
pub(super) fn cut(text: &str) -> Vec<String> {
    match split(text) {
        Ok(statements) => statements.into_iter().map(|statement| statement.text).collect(),
        Err(_) => text.split("\n\n").map(|piece| piece.trim().trim_end_matches(';').to_owned()).collect(),
    }
}
