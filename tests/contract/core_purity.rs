//! Core never reads the environment, the home directory or the clock: its host passes them in.

use regex::Regex;

use crate::sources::{expect_none, files, production_code, shown};

const FORBIDDEN: &[(&str, &str)] = &[
    (r"\benv::(var|vars|var_os|vars_os|home_dir|current_dir|temp_dir|args)\b", "reads the environment"),
    (r"\b(SystemTime|Utc|Local)::now\b", "reads the clock"),
    (r"\b(println|eprintln|print|eprint)!", "prints"),
    (r"\bdirs::|\bdirectories::", "looks for the home directory"),
];

#[test]
fn core_reads_no_environment_and_no_clock() {
    look_at("crates/core/src", FORBIDDEN);
}

#[test]
fn charts_reads_no_environment_and_no_clock() {
    look_at("crates/charts/src", FORBIDDEN);
}

fn look_at(folder: &str, forbidden: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for file in files(folder, &[".rs"]) {
        let code = production_code(&file);
        for (pattern, what) in forbidden {
            if let Some(found) = Regex::new(pattern).unwrap().find(&code) {
                let line = code[..found.start()].lines().count();
                wrong.push(format!("{}:{line} {what}: {}", shown(&file), found.as_str()));
            }
        }
    }
    expect_none(&wrong, "the host passes these in:");
}
