//! From what a person types to a name that every tool takes.

use super::is_plain_name;
use crate::{Error, ErrorKind, Result};

/// File names end at 255 bytes; a version, an ending and the name of a file beside it have to fit too.
const LONGEST: usize = 200;

/// "Add score index", "AddScoreIndex" and "add-score-index" are `add_score_index`.
///
/// # Errors
/// `InvalidArguments` where nothing is left of it, or too much.
pub fn normalized_name(text: &str) -> Result<String> {
    let mut name = String::new();
    let mut before = ' ';
    for c in text.chars() {
        match c {
            c if c.is_ascii_uppercase() => {
                if before.is_ascii_lowercase() || before.is_ascii_digit() {
                    name.push('_');
                }
                name.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => name.push(c),
            _ if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            _ => {}
        }
        before = c;
    }
    let name = name.trim_end_matches('_').to_owned();
    check(text, &name)?;
    Ok(name)
}

fn check(text: &str, name: &str) -> Result<()> {
    if !is_plain_name(name) {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("\"{text}\" has no letter or digit for a name"),
        )
        .hint("Say what the migration does, for example: add score index."));
    }
    if name.len() > LONGEST {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("the name has {} characters, and a file's name takes {LONGEST}", name.len()),
        )
        .hint("Choose a shorter one; a comment in the file can say the rest."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_typed_becomes_one_name() {
        for text in ["Add score index", "AddScoreIndex", "add-score-index", "  add__score index! "] {
            assert_eq!(normalized_name(text).unwrap(), "add_score_index", "{text}");
        }
        assert_eq!(normalized_name("Add API2Keys").unwrap(), "add_api2_keys");
        assert!(normalized_name(" - ").unwrap_err().message().contains("no letter or digit"));
        assert!(normalized_name(&"a".repeat(300)).unwrap_err().message().contains("300 characters"));
    }
}
