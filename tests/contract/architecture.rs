//! What the documents point at exists: a map that lies is worse than none.

use regex::Regex;

use crate::sources::{expect_none, text};

#[test]
fn every_path_that_the_architecture_names_exists() {
    let missing =
        paths_in(&text("ARCHITECTURE.md")).into_iter().filter(|path| !exists(path)).collect::<Vec<_>>();
    expect_none(&missing, "ARCHITECTURE.md names what is not there:");
}

#[test]
fn every_link_of_the_documents_resolves() {
    let mut missing = Vec::new();
    for (folder, file) in [
        ("docs", "guide-coverage.md"),
        ("docs", "user-guide.md"),
        ("docs", "embedding.md"),
        ("docs", "screens.md"),
        ("docs", "migrations.md"),
        ("docs", "explain.md"),
        ("docs", "lint.md"),
        ("docs", "guard.md"),
        ("docs", "pains.md"),
        (".", "README.md"),
        (".", "CONTRIBUTING.md"),
        (".", "ARCHITECTURE.md"),
        (".", "CHANGELOG.md"),
    ] {
        for link in links_in(&text(format!("{folder}/{file}"))) {
            if !exists(&format!("{folder}/{link}")) {
                missing.push(format!("{file}: {link}"));
            }
        }
    }
    expect_none(&missing, "these links lead nowhere:");
}

#[test]
fn the_coverage_of_the_guide_names_all_of_its_errors() {
    let coverage = text("docs/guide-coverage.md");
    let named = |number: &u32| coverage.contains(&format!("| E{number} |"));
    let missing: Vec<String> =
        (1..=47).filter(|number| !named(number)).map(|number| format!("E{number}")).collect();
    expect_none(&missing, "docs/guide-coverage.md leaves out:");
}

#[test]
fn every_test_that_the_coverage_of_the_guide_names_is_there() {
    names_tests_that_are_there("docs/guide-coverage.md", 20);
}

#[test]
fn every_pain_has_its_row_and_every_test_that_a_row_names_is_there() {
    let pains = text("docs/pains.md");
    let missing = (1..=21).filter(|number| !pains.contains(&format!("\n| {number} |")));
    expect_none(&missing.map(|number| number.to_string()).collect::<Vec<_>>(), "docs/pains.md leaves out:");
    names_tests_that_are_there("docs/pains.md", 30);
}

/// A link whose words are code names a test of Rust, one whose words are slanted a journey.
fn names_tests_that_are_there(document: &str, at_least: usize) {
    let link = Regex::new(r"\[([`*])([^`*]+)[`*]\]\(\.\./((?:tests|crates)/[^)]+)\)").unwrap();
    let document_text = text(document);
    let named: Vec<_> = link.captures_iter(&document_text).map(|found| found.extract::<3>().1).collect();
    let is_there = |[mark, name, file]: &[&str; 3]| {
        let file = text(file);
        match *mark {
            "`" => file.contains(&format!("fn {name}(")),
            _ => ["journey", "test"].iter().any(|word| file.contains(&format!("{word}('{name}'"))),
        }
    };
    let missing: Vec<String> = named
        .iter()
        .filter(|test| !is_there(test))
        .map(|[_, name, file]| format!("{file}: {name}"))
        .collect();
    assert!(named.len() >= at_least, "{document} names {} tests", named.len());
    expect_none(&missing, &format!("{document} names tests that are not there:"));
}

/// Words in backticks that look like a path of the checkout: with a slash, or with a known ending.
fn paths_in(document: &str) -> Vec<String> {
    let code = Regex::new(r"`([A-Za-z0-9_.][A-Za-z0-9_./-]*)`").unwrap();
    let ending = Regex::new(r"\.(rs|md|toml|json|sql|ts|svelte|css)$").unwrap();
    let name = |path: &str| {
        path.contains('/') || (ending.is_match(path) && path.chars().next().is_some_and(char::is_alphabetic))
    };
    code.captures_iter(document)
        .map(|found| found[1].to_owned())
        .filter(|path| name(path) && !path.starts_with("target/") && !path.starts_with("@"))
        .collect()
}

fn links_in(document: &str) -> Vec<String> {
    let link = Regex::new(r"\]\(([^)#\s]+)(?:#[^)]*)?\)").unwrap();
    link.captures_iter(document)
        .map(|found| found[1].to_owned())
        .filter(|target| !target.contains("://"))
        .collect()
}

/// Whether a path is there: from the root, or from one of the places that a map shortens.
fn exists(path: &str) -> bool {
    ["", "crates/", "crates/core/src/", "ui/src/"]
        .iter()
        .any(|prefix| support::root().join(prefix).join(path).exists())
}
