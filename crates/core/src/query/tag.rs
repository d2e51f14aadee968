//! What the server calls a statement when it is done. The driver keeps only the count of the command tag.

use crate::sql::lex::{TokenKind, Tokens};

/// A statement's verb as command tags have it: "SELECT", "CREATE TABLE".
///
/// Tags: <https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COMMANDCOMPLETE>.
pub(super) fn verb(sql: &str) -> String {
    let words = top_words(sql);
    let first = words.first().map(String::as_str).unwrap_or_default();
    match first {
        "VALUES" | "TABLE" => "SELECT".to_owned(),
        "WITH" => main_verb(&words).to_owned(),
        "CREATE" | "ALTER" | "DROP" => object(first, &words[1..]),
        "END" => "COMMIT".to_owned(),
        "ABORT" => "ROLLBACK".to_owned(),
        "START" => "START TRANSACTION".to_owned(),
        "REFRESH" => "REFRESH MATERIALIZED VIEW".to_owned(),
        "SECURITY" | "REASSIGN" | "DISCARD" | "IMPORT" => {
            words.iter().take(2).cloned().collect::<Vec<_>>().join(" ")
        }
        "DECLARE" => "DECLARE CURSOR".to_owned(),
        "CLOSE" => "CLOSE CURSOR".to_owned(),
        "LOCK" | "TRUNCATE" => format!("{first} TABLE"),
        _ => first.to_owned(),
    }
}

/// The tag with its count, where its kind has one.
pub(super) fn tag(verb: &str, rows: u64) -> String {
    match verb {
        "INSERT" => format!("INSERT 0 {rows}"),
        "SELECT" | "UPDATE" | "DELETE" | "MERGE" | "MOVE" | "FETCH" | "COPY" => format!("{verb} {rows}"),
        _ => verb.to_owned(),
    }
}

/// Whether a change gives its rows back.
pub(super) fn is_returning(sql: &str) -> bool {
    top_words(sql).iter().any(|word| word == "RETURNING")
}

/// Whether a statement of this verb takes parameters, and tells of them and of its columns before it runs.
pub(super) fn can_be_described(verb: &str) -> bool {
    matches!(verb, "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "MERGE")
}

/// Whether it is a COPY that sends its rows to the client.
pub(super) fn is_copy_out(sql: &str) -> bool {
    let words = top_words(sql);
    let to_client = |pair: &[String]| pair[0] == "TO" && pair[1] == "STDOUT";
    words.first().is_some_and(|first| first == "COPY") && words.windows(2).any(to_client)
}

/// The words outside of parentheses, in capitals, as many as a tag needs.
fn top_words(sql: &str) -> Vec<String> {
    let (mut depth, mut words) = (0_u32, Vec::new());
    for token in Tokens::of(sql).map_while(Result::ok) {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            // "(select 1) union ..." begins inside.
            TokenKind::Word if depth == 0 || words.is_empty() => {
                words.push(token.text(sql).to_ascii_uppercase());
            }
            _ => {}
        }
    }
    words
}

fn main_verb(words: &[String]) -> &str {
    let verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"];
    let found = words.iter().skip(1).map(String::as_str).find(|word| verbs.contains(word));
    found.map_or("SELECT", |verb| if matches!(verb, "VALUES" | "TABLE") { "SELECT" } else { verb })
}

/// "create or replace temp view" is CREATE VIEW.
fn object(verb: &str, words: &[String]) -> String {
    let beside = [
        "OR",
        "REPLACE",
        "TEMP",
        "TEMPORARY",
        "LOCAL",
        "GLOBAL",
        "UNLOGGED",
        "UNIQUE",
        "RECURSIVE",
        "TRUSTED",
        "PROCEDURAL",
        "CONSTRAINT",
    ];
    let mut named = words.iter().map(String::as_str).filter(|word| !beside.contains(word));
    let first = named.next().unwrap_or_default();
    let second = named.next().unwrap_or_default();
    let third = named.next().unwrap_or_default();
    match (first, second) {
        ("TABLE", _) if verb == "CREATE" && words.iter().any(|word| word == "AS") => "SELECT".to_owned(),
        ("MATERIALIZED" | "EVENT" | "FOREIGN" | "DEFAULT" | "USER" | "ACCESS", _) if second != "DATA" => {
            format!("{verb} {first} {second}")
        }
        ("FOREIGN", "DATA") => format!("{verb} FOREIGN DATA WRAPPER"),
        ("OPERATOR", "CLASS" | "FAMILY") => format!("{verb} OPERATOR {second}"),
        ("TEXT", "SEARCH") => format!("{verb} TEXT SEARCH {third}"),
        _ => format!("{verb} {first}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str) {
        assert_eq!(tag(&verb(sql), 3), expected, "{sql}");
    }

    #[test]
    fn tags_are_those_that_psql_shows() {
        check("/* a */ (select 1) union select 2", "SELECT 3");
        check("with x as (delete from t returning *) insert into u select * from x", "INSERT 0 3");
        check("create or replace temp view v as select 1", "CREATE VIEW");
        check("create unique index concurrently i on t (a)", "CREATE INDEX");
        check("create table t as select 1", "SELECT 3");
        check("create table t (a int)", "CREATE TABLE");
        check("begin isolation level serializable", "BEGIN");
        check("end", "COMMIT");
        check("truncate t", "TRUNCATE TABLE");
        check("drop materialized view m", "DROP MATERIALIZED VIEW");
    }
}
