//! ERB tags of a database.yml. A value's place is held by a mark while the YAML is read, so that a value can neither
//! become YAML nor show up in the words of a parser.

use super::super::Surroundings;
use super::ruby::{self, Value};

/// Around the number of a mark: letters for private use, which YAML takes and nobody types.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// A tag that stands for a value.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) line: u32,
    /// The code between the tags.
    pub(super) code: String,
    /// Absent where the code is not understood.
    pub(super) value: Option<Value>,
}

/// The file without its tags.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub(super) text: String,
    /// By the number of their mark.
    pub(super) tags: Vec<Tag>,
    /// Code that stands for no value (a condition, a loop): what it does to the file is not known.
    pub(super) statements: Vec<Tag>,
    /// The line of the file for each line of the text.
    lines: Vec<u32>,
}

/// A text with the values of its marks.
pub(super) enum Filled {
    Text(String),
    /// A tag that is not understood, or that Ruby would stop at.
    Not {
        line: u32,
        why: String,
    },
}

/// Takes the tags out.
///
/// # Errors
/// The line and what is wrong there.
pub(super) fn expand(file: &str, around: &Surroundings) -> Result<Expanded, (u32, String)> {
    let mut expanded = Expanded { lines: vec![1], ..Expanded::default() };
    let (mut line, mut rest) = (1, file);
    while let Some(at) = rest.find("<%") {
        expanded.push(&rest[..at], &mut line);
        rest = &rest[at + 2..];
        if let Some(after) = rest.strip_prefix('%') {
            expanded.text.push_str("<%");
            rest = after;
            continue;
        }
        let end = rest.find("%>").ok_or((line, "the <% of this line does not end".to_owned()))?;
        expanded.tag(&rest[..end], line, around);
        line += newlines(&rest[..end]);
        rest = &rest[end + 2..];
    }
    expanded.push(rest, &mut line);
    Ok(expanded)
}

fn newlines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

impl Expanded {
    fn push(&mut self, text: &str, line: &mut u32) {
        for letter in text.chars() {
            // A mark of the file's own would stand for a value of ours.
            self.text.push(if matches!(letter, OPEN | CLOSE) { '\u{fffd}' } else { letter });
            if letter == '\n' {
                *line += 1;
                self.lines.push(*line);
            }
        }
    }

    fn tag(&mut self, inside: &str, line: u32, around: &Surroundings) {
        if inside.starts_with('#') {
            return;
        }
        let Some(code) = inside.strip_prefix('=') else {
            self.statements.push(Tag { line, code: inside.trim().to_owned(), value: None });
            return;
        };
        self.text.push_str(&format!("{OPEN}{}{CLOSE}", self.tags.len()));
        self.tags.push(Tag { line, code: code.trim().to_owned(), value: ruby::read(code, around) });
    }

    /// The file's line for a line of the text, both counted from 1.
    pub(super) fn line(&self, of_text: usize) -> u32 {
        let at = of_text.saturating_sub(1).min(self.lines.len().saturating_sub(1));
        self.lines.get(at).copied().unwrap_or(1)
    }

    /// Puts the values in the place of their marks.
    pub(super) fn fill(&self, text: &str) -> Filled {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            filled.push_str(before);
            let (number, after) = after.split_once(CLOSE).unwrap_or((after, ""));
            rest = after;
            let Some(tag) = number.parse().ok().and_then(|at: usize| self.tags.get(at)) else { continue };
            match &tag.value {
                Some(Value::Text(value)) => filled.push_str(value),
                Some(Value::Nil) => {}
                Some(Value::Missing(name)) => {
                    let why = format!("{name} is not set here, and Rails stops without it");
                    return Filled::Not { line: tag.line, why };
                }
                None => return Filled::Not { line: tag.line, why: tag.not_understood() },
            }
        }
        filled.push_str(rest);
        Filled::Text(filled)
    }

    /// The tags that a text has marks of.
    pub(super) fn tags_of<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Tag> {
        let numbers = text.split(OPEN).skip(1).filter_map(|part| part.split_once(CLOSE));
        numbers.filter_map(|(number, _)| self.tags.get(number.parse::<usize>().ok()?))
    }
}

impl Tag {
    pub(super) fn not_understood(&self) -> String {
        format!("the Ruby <%= {} %> is not understood and was not run", shortened(&self.code))
    }
}

pub(super) fn shortened(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if code.chars().count() <= 80 {
        code
    } else {
        format!("{}…", code.chars().take(79).collect::<String>())
    }
}
