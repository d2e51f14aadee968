//! ssh's patterns: `*` is any run of letters, `?` one, and a list matches unless one of its negated patterns does.

use std::path::{Path, PathBuf};

/// Whether a name is matched by a list: by one of its patterns, and by none with a `!` before it.
pub(crate) fn matches_list(patterns: &[String], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut matched = false;
    for pattern in patterns {
        let pattern = pattern.to_ascii_lowercase();
        match pattern.strip_prefix('!') {
            Some(negated) if matches(negated, &name) => return false,
            Some(_) => {}
            None => matched |= matches(&pattern, &name),
        }
    }
    matched
}

/// One pattern. Without recursion, since a config may come from anywhere: on a dead end the last `*` takes one more.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut in_name, mut star) = (0, 0, None);
    while in_name < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some('?') => (at, in_name) = (at + 1, in_name + 1),
            Some(letter) if *letter == name[in_name] => (at, in_name) = (at + 1, in_name + 1),
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (at, in_name) = (star_at + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

/// The files that a path stands for; its last part may be a pattern. In the order of their names.
pub(super) fn files(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(folder) = path.parent().filter(|_| name.contains(['*', '?'])) else {
        return vec![path.to_owned()];
    };
    let named = |file: &PathBuf| {
        let held = file.file_name().map(|held| held.to_string_lossy().into_owned()).unwrap_or_default();
        matches(&name, &held) && (name.starts_with('.') || !held.starts_with('.'))
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries.filter(named).filter(|file| file.is_file()).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(list: &str, name: &str, expected: bool) {
        let list: Vec<String> = list.split(' ').map(str::to_owned).collect();
        assert_eq!(matches_list(&list, name), expected, "{list:?} {name}");
    }

    #[test]
    fn a_list_matches_unless_a_negated_pattern_does() {
        check("*", "db", true);
        check("db-?.example", "db-1.example", true);
        check("db-?.example", "db-12.example", false);
        check("*.example !db.example", "db.example", false);
        check("!db.example", "other", false);
        check("DB", "db", true);
        check("a*b*c", "axxbxxbc", true);
        check("a*b*c", "axxbxxcb", false);
    }

    #[test]
    fn a_pattern_of_many_stars_ends() {
        check(&"*a".repeat(40), &"a".repeat(4000), true);
        check(&format!("{}b", "*a".repeat(40)), &"a".repeat(4000), false);
    }
}
