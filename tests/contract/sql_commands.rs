//! Which commands of the read-only set take a text, and what becomes of it: SQL that one of them sends has to be proven a
//! read whatever the connection allows.

use std::collections::{BTreeMap, BTreeSet};

use evaldesk_api::COMMANDS;
use regex::Regex;

use crate::sources::text;

/// These send the text that they are given. `guard_commands` in the integration tests holds each against statements that
/// do more than read, on a connection that may do everything.
const SEND: &[&str] = &["query_explain", "query_export", "query_read"];

/// These take a text and never send it as SQL.
const KEEP: &[(&str, &str)] = &[
    ("cell_show", "a row by its key, with values as parameters"),
    ("connection_import_plan", "an address is read, nothing is opened"),
    ("migrate_lint", "the draft is parsed here"),
    ("query_complete", "its tokens are read here"),
    ("query_draft_save", "kept on the disk"),
    ("query_edit_plan", "values as literals, in a plan that only reads"),
    ("query_file_save", "kept on the disk"),
    ("query_find", "looked for in rows that are here"),
    ("query_format", "laid out here"),
    ("query_split", "cut here"),
    ("query_view", "rows that are here, sorted and filtered"),
    ("result_list", "columns from a closed list, values as parameters"),
    ("run_list", "columns from a closed list, values as parameters"),
    ("table_rows", "columns as identifiers, values as parameters"),
];

#[test]
fn whoever_takes_a_text_is_known_to_send_it_or_to_keep_it() {
    let wire = Wire::read();
    let reading = COMMANDS.iter().filter(|command| command.permission == "read_only");
    let found: BTreeSet<&str> =
        reading.map(|command| command.name).filter(|name| wire.takes_text(name)).collect();
    let known: BTreeSet<&str> = SEND.iter().copied().chain(KEEP.iter().map(|(name, _)| *name)).collect();
    assert_eq!(found, known, "say in SEND or KEEP what becomes of the text, and hold SEND against the guard");
}

#[test]
fn each_of_those_that_send_is_held_against_the_guard() {
    let tests = text("tests/integration/guard_commands.rs");
    let missing: Vec<_> = SEND.iter().filter(|name| !tests.contains(&format!("\"{name}\""))).collect();
    assert!(missing.is_empty(), "guard_commands does not call {missing:?}");
}

/// The types of the wire as they are generated.
struct Wire {
    types: BTreeMap<String, String>,
    arguments: BTreeMap<String, String>,
}

impl Wire {
    fn read() -> Self {
        let generated = text("ui/src/lib/ipc/generated.ts");
        let generated = Regex::new(r"(?s)/\*.*?\*/").unwrap().replace_all(&generated, "").into_owned();
        let types = Regex::new(r"(?ms)^export type (\w+) = (.*?);\s*$").unwrap();
        let commands = Regex::new(r"(?m)^  (\w+): \{ args: (\w+);").unwrap();
        let pairs = |of: &Regex| -> BTreeMap<String, String> {
            of.captures_iter(&generated).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
        };
        Self { types: pairs(&types), arguments: pairs(&commands) }
    }

    fn takes_text(&self, command: &str) -> bool {
        let fields =
            Regex::new(r"\b(?:text|sql|statement|filter|filters|query|sort|draft|values)\??:").unwrap();
        let mut seen = BTreeSet::new();
        if let Some(arguments) = self.arguments.get(command) {
            self.gather(arguments, &mut seen);
        }
        seen.iter().any(|name| fields.is_match(&self.types[name]))
    }

    /// A type with all that it is made of.
    fn gather(&self, name: &str, seen: &mut BTreeSet<String>) {
        let Some(declared) = self.types.get(name) else { return };
        if !seen.insert(name.to_owned()) {
            return;
        }
        let names = Regex::new(r"\b[A-Z]\w+").unwrap();
        names.find_iter(declared).for_each(|inner| self.gather(inner.as_str(), seen));
    }
}
