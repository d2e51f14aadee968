//! Formatting every SQL file of the checkout: nothing but white space changes, and the second time nothing at all.

use std::path::{Path, PathBuf};

use evaldesk_core::sql::format::format;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() && !["node_modules", "target", "dist", ".git"].contains(&name.as_str()) {
            files(&path, found);
        } else if name.ends_with(".sql") {
            found.push(path);
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[test]
fn every_sql_file_of_the_checkout_is_formatted_without_changing_it() {
    let mut found = Vec::new();
    files(&support::root(), &mut found);
    assert!(found.len() > 50, "{}", found.len());
    let mut left = 0;
    for path in &found {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let once = format(&text);
        assert_eq!(letters(&once.text), letters(&text), "{}", path.display());
        assert_eq!(format(&once.text).text, once.text, "{}", path.display());
        left += usize::from(once.notice.is_some());
    }
    assert!(left * 4 < found.len(), "{left} of {} were left as they were, at least in part", found.len());
}
