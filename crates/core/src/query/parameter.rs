//! Parameters of a statement: `$1` and `:since`, outside of quotes and comments.

use super::script::QueryParameter;
use crate::sql::SafeSql;
use crate::sql::lex::{self, Token, TokenKind};

/// A parameter where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    name: String,
    start: usize,
    end: usize,
}

/// The names of a statement's parameters, each once, in the order in which they appear.
pub(super) fn names(sql: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for place in places(sql) {
        if !names.contains(&place.name) {
            names.push(place.name);
        }
    }
    names
}

/// A statement with its parameters numbered, as the server gets it.
pub(super) fn as_sent(sql: &str) -> String {
    numbered(sql, &names(sql)).0
}

/// A byte in the message's statement, bytes there, the byte in the source, bytes there.
type Moved = (usize, usize, usize, usize);

/// A statement with its values, as one message: `PREPARE` lets the server find the types as it does for any parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) message: SafeSql,
    /// The statement with its parameters numbered.
    pub(super) statement: SafeSql,
    /// Bytes of the message before the statement.
    before: usize,
    /// Where the statement ends in the message.
    end: usize,
    moved: Vec<Moved>,
}

impl Bound {
    /// Prepares under a name and executes.
    pub(super) fn of(sql: &str, values: &[QueryParameter], name: &str) -> Self {
        Self::run_by(&SafeSql::default(), sql, values, name)
    }

    /// As `of`, with words before the `execute`: an `explain` with its options.
    pub(super) fn run_by(words: &SafeSql, sql: &str, values: &[QueryParameter], name: &str) -> Self {
        let head = SafeSql::new("prepare ").ident(&crate::Ident::new(name)).push(" as ");
        let prepared = Self::open(&head, sql);
        let run = prepared.message.push(";\n").sql(words).push("execute ").ident(&crate::Ident::new(name));
        let mut message = run.push("(");
        for (at, name) in arguments(&names(sql)).iter().enumerate() {
            message = if at == 0 { message } else { message.push(", ") };
            message = literal(message, value(values, name));
        }
        Self { message: message.push(")"), ..prepared }
    }

    /// The statement with its values written into it, where nothing may be prepared.
    pub(super) fn written(sql: &str, values: &[QueryParameter]) -> Self {
        Self::filled(sql, |text, name, _| literal(text.push(" "), value(values, name)))
    }

    /// The statement with something else in the place of each parameter: it is appended, given the parameter's name and
    /// the byte at which it stands.
    pub(super) fn filled(sql: &str, append: impl Fn(SafeSql, &str, usize) -> SafeSql) -> Self {
        let (mut text, mut moved, mut copied) = (SafeSql::default(), Vec::new(), 0);
        for place in places(sql) {
            // The user's own statement, piece by piece.
            text = text.sql(&SafeSql::trusted_file(&sql[copied..place.start]));
            let at = text.as_str().len();
            text = append(text, &place.name, place.start);
            moved.push((at, text.as_str().len() - at, place.start, place.end - place.start));
            copied = place.end;
        }
        let statement = text.sql(&SafeSql::trusted_file(&sql[copied..]));
        Self { before: 0, end: statement.as_str().len(), message: statement.clone(), statement, moved }
    }

    /// The statement with its parameters numbered without a gap, to be described: the server finds no type for a number
    /// that is not used.
    pub(super) fn described(sql: &str) -> Self {
        let order = in_order(sql);
        let number = |name: &str| order.iter().position(|own| own == name).map_or(0, |at| at + 1);
        Self::filled(sql, |text, name, _| text.parameter(number(name)))
    }

    /// The statement after some words, its parameters numbered and without values.
    pub(super) fn open(words: &SafeSql, sql: &str) -> Self {
        let (text, moved) = numbered(sql, &names(sql));
        let before = words.as_str().len();
        let end = before + text.len();
        // The user's own statement: it is shown as it is, and runs because they asked for it.
        let statement = SafeSql::trusted_file(text);
        Self { message: words.clone().sql(&statement), statement, before, end, moved }
    }

    /// The statement after some words, as it stands.
    pub(super) fn plain(words: &SafeSql, sql: &str) -> Self {
        let statement = SafeSql::trusted_file(sql);
        let message = words.clone().sql(&statement);
        Self {
            end: message.as_str().len(),
            before: words.as_str().len(),
            message,
            statement,
            moved: Vec::new(),
        }
    }

    /// The byte of the statement that a byte of the message stands for; none in what we added.
    pub(super) fn source_byte(&self, byte: usize) -> Option<usize> {
        let at = byte.checked_sub(self.before).filter(|_| byte <= self.end)?;
        let mut shift = (0, 0);
        for &(there, long, source, source_long) in &self.moved {
            if at < there {
                break;
            }
            if at < there + long {
                return Some(source);
            }
            shift = (there + long, source + source_long);
        }
        Some(at - shift.0 + shift.1)
    }
}

/// A statement with its values written into it, for what takes no parameters (COPY). A value without a type takes the
/// one that its place asks for, as a parameter does.
pub(super) fn inlined(sql: &str, values: &[QueryParameter]) -> SafeSql {
    Bound::written(sql, values).statement
}

/// The value that was given to a parameter; none is NULL.
pub(super) fn value<'a>(values: &'a [QueryParameter], name: &str) -> Option<&'a str> {
    values.iter().find(|given| given.name == name).and_then(|given| given.value.as_deref())
}

/// Appends a value as a literal without a type.
pub(super) fn literal(text: SafeSql, value: Option<&str>) -> SafeSql {
    match value {
        Some(value) => text.literal(value),
        None => text.push("null"),
    }
}

/// A statement that the parser can follow, every byte at its place: a name becomes `$1` and blanks.
pub(super) fn readable(sql: &str) -> String {
    let mut text = sql.to_owned();
    for place in places(sql) {
        text.replace_range(place.start..place.end, &format!("{:<1$}", "$1", place.end - place.start));
    }
    text
}

/// The names of a statement's parameters in the order of their numbers.
pub(super) fn in_order(sql: &str) -> Vec<String> {
    let names = names(sql);
    arguments(&names).into_iter().filter(|name| names.contains(name)).collect()
}

/// `$n` keeps its number; a name gets the next one after the highest.
fn arguments(names: &[String]) -> Vec<String> {
    let highest = names.iter().filter_map(|name| name.parse::<usize>().ok()).max().unwrap_or(0);
    let mut arguments: Vec<String> = (1..=highest).map(|number| number.to_string()).collect();
    arguments.extend(names.iter().filter(|name| name.parse::<usize>().is_err()).cloned());
    arguments
}

fn numbered(sql: &str, names: &[String]) -> (String, Vec<Moved>) {
    let order = arguments(names);
    let (mut text, mut moved, mut copied) = (String::new(), Vec::new(), 0);
    for place in places(sql) {
        let number = order.iter().position(|name| *name == place.name).map_or(0, |at| at + 1);
        text.push_str(&sql[copied..place.start]);
        let written = format!("${number}");
        moved.push((text.len(), written.len(), place.start, place.end - place.start));
        text.push_str(&written);
        copied = place.end;
    }
    text.push_str(&sql[copied..]);
    (text, moved)
}

fn places(sql: &str) -> Vec<Place> {
    let Ok(tokens) = lex::tokens(sql) else { return Vec::new() };
    let mut brackets = 0_u32;
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        match tokens[at].text(sql) {
            "[" => brackets += 1,
            "]" => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        found.extend(place(sql, &tokens, at, brackets));
    }
    found
}

fn place(sql: &str, tokens: &[Token], at: usize, brackets: u32) -> Option<Place> {
    let (sign, word) = (tokens[at], tokens.get(at + 1)?);
    if sign.kind != TokenKind::Symbol || word.kind != TokenKind::Word || word.start != sign.end {
        return None;
    }
    let name = word.text(sql);
    let digits = name.chars().all(|letter| letter.is_ascii_digit());
    let meant = match sign.text(sql) {
        "$" => digits && name.parse::<u16>().is_ok_and(|number| number > 0),
        // Not a cast, and not the end of a slice.
        ":" => {
            brackets == 0
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && !follows_colon(sql, tokens, at)
        }
        _ => false,
    };
    meant.then(|| Place { name: name.to_owned(), start: sign.start, end: word.end })
}

fn follows_colon(sql: &str, tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| tokens[before]);
    before.is_some_and(|token| token.end == tokens[at].start && token.text(sql) == ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_a_slice_and_a_quote_are_no_parameters() {
        assert_eq!(names("select a::int, b[1:n], ':x', $$:y$$, :since, $2 -- :z"), ["since", "2"]);
    }

    #[test]
    fn values_are_written_into_a_statement_where_it_takes_no_parameters() {
        let values = [QueryParameter { name: "a".into(), value: Some("it's".into()) }];
        assert_eq!(
            inlined("select:a::text, ':a', :b", &values).as_str(),
            "select 'it''s'::text, ':a',  null"
        );
    }

    #[test]
    fn names_get_numbers_after_the_highest_and_values_are_quoted() {
        let values = [("since", Some("o'clock")), ("2", None)]
            .map(|(name, value)| QueryParameter { name: name.into(), value: value.map(str::to_owned) });
        let bound = Bound::of("select $2, :since, :since", &values, "q");
        assert_eq!(
            bound.message.as_str(),
            "prepare \"q\" as select $2, $3, $3;\nexecute \"q\"(null, null, 'o''clock')"
        );
    }

    #[test]
    fn a_place_behind_a_value_that_was_written_in_is_found_too() {
        let values = [QueryParameter { name: "a".into(), value: Some("a long value".into()) }];
        let sql = "select :a, x";
        let bound = Bound::written(sql, &values);
        assert_eq!(bound.message.as_str(), "select  'a long value', x");
        let at = bound.message.as_str().find(", x").unwrap();
        assert_eq!(bound.source_byte(at), sql.find(", x"));
        assert_eq!(bound.source_byte(at - 3), sql.find(":a"));
    }

    #[test]
    fn a_place_in_the_message_is_found_in_the_statement() {
        let sql = "select :since, x";
        let bound = Bound::of(sql, &[], "q");
        let at = bound.message.as_str().find(", x").unwrap();
        assert_eq!(bound.source_byte(at), sql.find(", x"));
        assert_eq!(bound.source_byte(at - 1), sql.find(":since"));
        assert_eq!(bound.source_byte(2), None);
        assert_eq!(bound.source_byte(bound.message.as_str().len() - 1), None);
    }
}
