//! What the documents point at exists: a map that lies is worse than none.

use std::path::{Path, PathBuf};

use regex::Regex;
use support::root;

use crate::sources::{expect_none, files, shown, text};

#[test]
fn every_path_that_the_architecture_names_exists() {
    let missing =
        paths_in(&text("ARCHITECTURE.md")).into_iter().filter(|path| !exists(path)).collect::<Vec<_>>();
    expect_none(&missing, "ARCHITECTURE.md names what is not there:");
}

#[test]
fn every_link_of_the_documents_resolves() {
    let mut missing = Vec::new();
    let documents = documents();
    assert!(documents.len() >= 17, "the documents were not found");
    for document in &documents {
        let folder = document.parent().unwrap();
        for (path, anchor) in links_in(&text(document)) {
            let target = if path.is_empty() { document.clone() } else { folder.join(&path) };
            if !target.exists() || !anchor.is_empty() && !headings_of(&target).contains(&anchor) {
                missing.push(format!("{}: {path}#{anchor}", shown(document)));
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

/// Every document that a reader is led to: those of `docs`, and those beside the README.
fn documents() -> Vec<PathBuf> {
    let beside = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let beside = beside.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    files("docs", &[".md"]).into_iter().chain(beside).collect()
}

/// The path and the heading of each link into the checkout.
fn links_in(document: &str) -> Vec<(String, String)> {
    let link = Regex::new(r"\]\(([^)#\s]*)(?:#([^)]*))?\)").unwrap();
    link.captures_iter(document)
        .map(|found| (found[1].to_owned(), found.get(2).map_or("", |anchor| anchor.as_str()).to_owned()))
        .filter(|(path, anchor)| !(path.contains("://") || path.is_empty() && anchor.is_empty()))
        .collect()
}

/// The headings of a document as links write them: in lower case, without punctuation, with hyphens for blanks.
fn headings_of(document: &Path) -> Vec<String> {
    let heading = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
    };
    text(document).lines().filter(|line| line.starts_with('#')).map(heading).collect()
}

/// Whether a path is there: from the root, or from one of the places that a map shortens.
fn exists(path: &str) -> bool {
    ["", "crates/", "crates/core/src/", "ui/src/"]
        .iter()
        .any(|prefix| root().join(prefix).join(path).exists())
}

#[test]
fn the_product_has_one_version() {
    let workspace: toml::Value = toml::from_str(&text("Cargo.toml")).unwrap();
    let version = workspace["workspace"]["package"]["version"].as_str().unwrap();
    let of = |file: &str| -> serde_json::Value { serde_json::from_str(&text(file)).unwrap() };
    let lock = of("ui/package-lock.json");
    let others = [
        ("tauri.conf.json", of("tauri.conf.json")["version"].clone()),
        ("ui/package.json", of("ui/package.json")["version"].clone()),
        ("ui/package-lock.json", lock["version"].clone()),
        ("ui/package-lock.json, its own package", lock["packages"][""]["version"].clone()),
    ];
    let others = others.iter().filter(|(_, found)| found != version);
    let wrong: Vec<String> = others.map(|(file, found)| format!("{file}: {found}")).collect();
    expect_none(&wrong, &format!("these are not {version}, which Cargo.toml has:"));
}

#[test]
fn the_help_of_xtask_names_what_contributing_names() {
    let (contributing, help) = (text("CONTRIBUTING.md"), text("xtask/src/main.rs"));
    let named = Regex::new(r"\| `cargo xtask ([a-z]+)(?: ([a-z]+))?").unwrap();
    let mut missing = Vec::new();
    for found in named.captures_iter(&contributing) {
        // What follows other commands is an argument of theirs.
        let sub = found.get(2).filter(|_| &found[1] == "bench").map_or("", |word| word.as_str());
        let line = format!("\n  {} {sub}", &found[1]);
        if !help.contains(line.trim_end()) {
            missing.push(line);
        }
    }
    expect_none(&missing, "cargo xtask help does not name:");
}
