//! Inside core, arrows point down only: base < catalog < query < features < archive < partition < checklist.

use regex::Regex;

use crate::sources::{expect_none, files, production_code, shown, text};

/// The layers, lowest first. Within the base modules may know one another; above it, siblings may not.
const LAYERS: &[&[&str]] = &[
    &["error", "ident", "sql", "clock", "audit", "job", "connection", "server", "private_file", "user_file"],
    &["catalog"],
    &["query"],
    &["migrate", "eval", "health", "maintenance", "tuning", "backup", "demo"],
    &["archive"],
    &["partition"],
    &["checklist"],
];

#[test]
fn a_module_of_core_uses_only_what_lies_below_it() {
    let mut wrong = Vec::new();
    for file in files("crates/core/src", &[".rs"]) {
        let Some(module) = module_of(&shown(&file)) else { continue };
        let code = production_code(&file);
        for used in modules_named(&code).into_iter().filter(|used| !may_use(&module, used)) {
            wrong.push(format!("{} ({module}) uses {used}", shown(&file)));
        }
    }
    expect_none(&wrong, "inside core arrows point down only:");
}

#[test]
fn every_module_of_core_has_a_layer() {
    let library = text("crates/core/src/lib.rs");
    let declared = Regex::new(r"(?m)^(?:pub )?mod (\w+);").unwrap();
    let unknown: Vec<String> = declared
        .captures_iter(&library)
        .map(|found| found[1].to_owned())
        .filter(|module| layer(module).is_none())
        .collect();
    expect_none(&unknown, "these modules have no line in LAYERS:");
}

fn may_use(module: &str, used: &str) -> bool {
    let (Some(from), Some(to)) = (layer(module), layer(used)) else { return true };
    module == used || to < from || (to == 0 && from == 0)
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// The module that a file belongs to: the first name after `src/`.
fn module_of(path: &str) -> Option<String> {
    let name = path.strip_prefix("crates/core/src/")?.split('/').next()?.trim_end_matches(".rs").to_owned();
    (name != "lib").then_some(name)
}

/// The modules of the crate that a piece of code names: `crate::job::..` and `crate::{job::.., eval}`.
fn modules_named(code: &str) -> Vec<String> {
    let path = Regex::new(r"crate::([a-z_]+)").unwrap();
    let group = Regex::new(r"crate::\{").unwrap();
    let mut named: Vec<String> = path.captures_iter(code).map(|found| found[1].to_owned()).collect();
    for found in group.find_iter(code) {
        named.extend(first_names(&code[found.end()..]));
    }
    named.sort();
    named.dedup();
    named
}

/// The first name of each item of a braced list, up to its closing brace.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut item, mut names) = (0, String::new(), Vec::new());
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(std::mem::take(&mut item)),
            _ if depth == 0 => item.push(letter),
            _ => {}
        }
    }
    names.push(item);
    names
        .iter()
        .filter_map(|name| name.trim().split("::").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn braced_lists_are_read_by_their_first_names() {
    assert_eq!(
        modules_named("use crate::{Error, job::{JobContext, Progress}, eval::run};"),
        ["Error", "eval", "job"]
    );
}
