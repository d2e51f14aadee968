//! Where in a text of statements something failed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Characters of a line that are shown before and after the place.
const AROUND: usize = 36;

/// The statement that failed, and the place in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorPlace {
    /// Which statement it was, from 1.
    pub statement: u32,
    /// How many there are.
    pub statements: u32,
    /// Those after it: they were not run.
    pub not_run: u32,
    /// The line of the text, from 1: of the place that the server names, else the one that the statement starts on.
    pub line: u32,
    /// The character in the line, from 1, where the server names a place.
    pub column: Option<u32>,
    /// That line, or the part of it around the place.
    pub excerpt: Option<String>,
    /// Where the place is in the excerpt, in characters from 0.
    pub caret: Option<u32>,
}

impl ErrorPlace {
    /// Goes to a place of a text, in UTF-16 units from 0.
    #[must_use]
    pub fn at(mut self, text: &str, position: u32) -> Self {
        let before = units(text, position);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = before[start..].chars().count();
        self.line = number(before.matches('\n').count() + 1);
        self.column = Some(number(column + 1));
        let (excerpt, caret) = around(text[start..].lines().next().unwrap_or_default(), column);
        (self.excerpt, self.caret) = (Some(excerpt), Some(number(caret)));
        self
    }

    /// Takes the words of the text out, where they must not be shown.
    #[must_use]
    pub fn without_excerpt(self) -> Self {
        Self { excerpt: None, caret: None, ..self }
    }
}

/// The text before a place that is counted in UTF-16 units.
fn units(text: &str, position: u32) -> &str {
    let mut left = position as usize;
    for (byte, letter) in text.char_indices() {
        if left < letter.len_utf16() {
            return &text[..byte];
        }
        left -= letter.len_utf16();
    }
    text
}

/// A line that is not too long to be shown, and where the place is in it.
fn around(line: &str, column: usize) -> (String, usize) {
    let letters: Vec<char> =
        line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let from = if letters.len() <= 2 * AROUND { 0 } else { column.saturating_sub(AROUND) };
    let to = if letters.len() <= 2 * AROUND { letters.len() } else { letters.len().min(column + AROUND) };
    let (head, tail) = (if from > 0 { "…" } else { "" }, if to < letters.len() { "…" } else { "" });
    let shown: String = letters[from.min(to)..to].iter().collect();
    (format!("{head}{shown}{tail}"), column - from + head.chars().count())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::ErrorPlace;

    fn check(text: &str, place: &str, expected: (u32, u32, &str)) {
        let position = text[..text.find(place).unwrap()].encode_utf16().count();
        let found = ErrorPlace::default().at(text, u32::try_from(position).unwrap());
        let excerpt = found.excerpt.unwrap();
        assert_eq!((found.line, found.column.unwrap(), excerpt.as_str()), expected);
        let under: String = excerpt.chars().skip(found.caret.unwrap() as usize).collect();
        assert!(under.starts_with(place), "{under}");
    }

    #[test]
    fn a_place_is_found_behind_what_counts_twice_elsewhere() {
        check("select '😀', nope", "nope", (1, 13, "select '😀', nope"));
        check("select 1;\r\n\tselect\n nope;", "nope", (3, 2, " nope;"));
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let (before, after) = ("a".repeat(100), "b".repeat(100));
        let expected = format!("…{}nope{}…", "a".repeat(36), "b".repeat(32));
        check(&format!("{before}nope{after}"), "nope", (1, 101, &expected));
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        let found = ErrorPlace::default().at("select", 99);
        assert_eq!((found.column, found.caret), (Some(7), Some(6)));
        assert_eq!(ErrorPlace::default().at("", 0).excerpt.as_deref(), Some(""));
    }
}
