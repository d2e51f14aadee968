//! Every version of the schema goes up, comes down, and can say whether it is there.

use std::collections::BTreeMap;

use crate::sources::{expect_none, files, shown};

const PARTS: [&str; 3] = ["up", "down", "verify"];

#[test]
fn every_version_has_its_three_files() {
    let mut wrong = Vec::new();
    for ((version, name), parts) in versions() {
        for part in PARTS.iter().filter(|part| !parts.contains(&(**part).to_owned())) {
            wrong.push(format!("migrations/{version}_{name}.{part}.sql is missing"));
        }
    }
    expect_none(&wrong, "a version is three files:");
}

#[test]
fn a_version_has_one_name_only() {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((version, name), _) in versions() {
        names.entry(version).or_default().push(name);
    }
    let wrong: Vec<String> =
        names.into_iter().filter(|(_, names)| names.len() > 1).map(|it| format!("{it:?}")).collect();
    expect_none(&wrong, "two migrations have one version:");
}

#[test]
fn the_first_version_is_the_guides() {
    let first = versions().into_keys().next().expect("there are migrations");
    assert_eq!(first, ("20251106000001".to_owned(), "create_evaluation_tables".to_owned()));
}

/// Versions with their names, and which parts each has.
fn versions() -> BTreeMap<(String, String), Vec<String>> {
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for file in files("migrations", &[".sql"]) {
        let path = shown(&file);
        let name = path.trim_start_matches("migrations/").trim_end_matches(".sql");
        let (stem, part) =
            name.rsplit_once('.').unwrap_or_else(|| panic!("{path} says not which part it is"));
        let (version, name) = stem.split_once('_').unwrap_or_else(|| panic!("{path} has no name"));
        assert!(
            version.chars().all(|digit| digit.is_ascii_digit()),
            "{path} does not start with its version"
        );
        found.entry((version.to_owned(), name.to_owned())).or_default().push(part.to_owned());
    }
    found
}
