//! The linter beside squawk's own command of the same version: the same findings for the rules that are taken from it.
//!
//! The texts are squawk's own examples, read from the sources of its crate as cargo unpacked them, and ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use evaldesk_core::migrate::{LintContext, LintSource, library_findings, lint_rules};
use evaldesk_core::sql::parse;
use support::peers::squawk;
use support::{Finished, crate_source};

/// Rule, line and column (bytes), both from 0.
type Places = BTreeSet<(String, usize, usize)>;

/// Files beside which squawk's command is run at once; it takes them all as arguments.
const AT_ONCE: usize = 400;

#[test]
fn the_library_finds_what_the_command_finds() {
    let texts: Vec<String> = examples().into_iter().chain(ours()).collect();
    assert!(texts.len() > 300, "only {} texts were found", texts.len());
    let taken = taken();
    let (mut findings, mut rules) = (0, BTreeSet::new());
    for (server_major, transactional) in [(10, true), (12, false), (15, true), (18, true), (19, false)] {
        let said = command(&texts, server_major, transactional);
        for (text, said) in texts.iter().zip(&said) {
            let context = LintContext { server_major, transactional, ..LintContext::default() };
            let expected: Places = said.iter().filter(|(rule, ..)| taken.contains(rule)).cloned().collect();
            let found = places(text, &context);
            assert_eq!(found, expected, "{server_major} {transactional}:\n{text}");
            findings += found.len();
            rules.extend(found.into_iter().map(|(rule, ..)| rule));
        }
    }
    // A comparison of nothing with nothing would agree too.
    assert!(findings > 1000, "only {findings} findings were compared");
    let silent: Vec<_> = taken.iter().filter(|rule| !rules.contains(*rule)).collect();
    assert!(silent.is_empty(), "no text was found by {silent:?}");
    println!("{} texts, {findings} findings of {} rules agree", texts.len(), rules.len());
}

/// The names of the rules that we take.
fn taken() -> BTreeSet<String> {
    let rules =
        lint_rules().into_iter().filter(|rule| rule.source == LintSource::Squawk && rule.level.is_some());
    rules.map(|rule| rule.name).collect()
}

/// What the library says, as the command counts. It says nothing but the error of a text with a syntax error.
fn places(text: &str, context: &LintContext) -> Places {
    if !parse::problems(text).is_empty() {
        return Places::new();
    }
    library_findings(text, context).into_iter().map(|(rule, at)| placed(text, rule, at)).collect()
}

fn placed(text: &str, rule: String, at: usize) -> (String, usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (rule, before.matches('\n').count(), at - line_start)
}

/// What the command says of each text.
fn command(texts: &[String], server_major: u32, transactional: bool) -> Vec<Places> {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<String> = (0..texts.len()).map(|at| format!("{at}.sql")).collect();
    for (file, text) in files.iter().zip(texts) {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let mut said = BTreeMap::new();
    for files in files.chunks(AT_ONCE) {
        read(&run(folder.path(), files, server_major, transactional), &mut said);
    }
    files.iter().map(|file| said.remove(file).unwrap_or_default()).collect()
}

fn run(folder: &Path, files: &[String], server_major: u32, transactional: bool) -> String {
    let mut command = Command::new(squawk());
    let in_transaction = if transactional { "--assume-in-transaction" } else { "--no-assume-in-transaction" };
    command.current_dir(folder).args([
        "--reporter",
        "json",
        "--pg-version",
        &server_major.to_string(),
        in_transaction,
    ]);
    let finished = Finished::of(command.args(files));
    assert!(finished.code <= 1, "{}", finished.err);
    finished.out
}

fn read(json: &str, said: &mut BTreeMap<String, Places>) {
    let findings: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    for finding in findings {
        let number = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
        let word = |name: &str| finding[name].as_str().unwrap().to_owned();
        said.entry(word("file")).or_default().insert((word("rule_name"), number("line"), number("column")));
    }
}

/// The texts of the library's own tests, rule by rule: whatever stands in quotes there. What is no SQL among it is an
/// example of a syntax error. Texts that ignore rules are left out: we show what is ignored as accepted.
fn examples() -> BTreeSet<String> {
    let folder = crate_source("squawk-linter", "2.68.0").join("src");
    let mut texts = BTreeSet::new();
    for file in rust_files(&folder) {
        let source = std::fs::read_to_string(&file).unwrap();
        let Some((_, tests)) = source.split_once("mod test") else { continue };
        texts.extend(quoted(tests));
    }
    texts.retain(|text| text.contains(' ') && !text.contains("squawk-") && !text.contains('\r'));
    texts
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect()
}

/// The contents of every string of a Rust source. An escape in one only makes another text of it.
fn quoted(source: &str) -> Vec<String> {
    let string = regex::Regex::new(r##"(?s)r#"(.*?)"#|r"([^"]*)"|"((?:[^"\\]|\\.)*)""##).unwrap();
    string
        .captures_iter(source)
        .filter_map(|found| (1..=3).find_map(|group| found.get(group)))
        .map(|text| text.as_str().to_owned())
        .collect()
}

/// Ours: the corpus of the splitter, and our own schema.
fn ours() -> Vec<String> {
    let nasty = include_str!("../fixtures/sql/nasty.sql").split("\n=== ");
    let nasty = nasty.filter_map(|case| Some(case.split_once('\n')?.1.to_owned()));
    let folder = support::root().join("migrations");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "sql"));
    nasty.chain(files.map(|path| std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn the_docs_have_every_rule_with_its_weight() {
    let docs = std::fs::read_to_string(support::root().join("docs/lint.md")).unwrap();
    let row = |name: &str| docs.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
    for rule in lint_rules() {
        let row = row(&rule.name).unwrap_or_else(|| panic!("docs/lint.md does not have {}", rule.name));
        let level = rule.level.map(|level| format!("{level:?}").to_lowercase());
        assert!(level.is_none_or(|level| row.contains(&format!("| {level} |"))), "{row}");
    }
}
