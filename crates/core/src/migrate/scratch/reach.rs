//! Which statements reach beyond the database that they run in: those must not run in a scratch one either, since
//! roles, tablespaces, settings and files of the server are one and the same there.

use super::Migration;
use crate::migrate::Direction;
use crate::sql::lex::{TokenKind, tokens};

/// Why a migration cannot be tried out, if it cannot.
pub(super) fn beyond(migration: &Migration) -> Option<String> {
    if migration.ruby.is_some() {
        return Some(format!("{} is Ruby: only rake can tell what it makes", migration.up.file));
    }
    if let Some(problem) = migration.problem_of(Direction::Up) {
        return Some(problem.message.clone());
    }
    let found = migration
        .up
        .statements
        .iter()
        .find_map(|statement| reaches(&words(&statement.text)).map(|what| (statement.line, what)))?;
    let (line, what) = found;
    Some(format!(
        "{} cannot be tried out: line {line} says \"{what}\", which reaches beyond its database",
        migration.up.file
    ))
}

/// The bare words of a statement, in lower case.
pub(super) fn words(sql: &str) -> Vec<String> {
    let tokens = tokens(sql).unwrap_or_default();
    let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
    words.map(|token| token.text(sql).to_lowercase()).collect()
}

fn reaches(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let beyond = match words.as_slice() {
        [
            "create" | "drop" | "alter",
            "role" | "user" | "group" | "database" | "tablespace" | "subscription",
            ..,
        ] => {
            // A user mapping is the database's own.
            !matches!(words.get(1..3), Some(["user", "mapping"]))
        }
        ["alter", "system", ..] | ["reassign" | "drop", "owned", ..] => true,
        ["comment", "on", "database" | "role" | "tablespace", ..] => true,
        // Without an object it is membership in a role.
        ["grant" | "revoke", rest @ ..] => !rest.contains(&"on"),
        ["copy", rest @ ..] => rest.contains(&"program") || !rest.contains(&"stdin"),
        _ => false,
    };
    beyond.then(|| words.iter().take(3).copied().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_shares_is_out_of_reach() {
        for sql in [
            "CREATE ROLE app login",
            "create user app",
            "drop database other",
            "alter system set work_mem = '1GB'",
            "grant reader to app",
            "copy t from '/etc/passwd'",
            "copy t to program 'sh'",
            "drop owned by app",
            "create subscription s connection 'x' publication p",
        ] {
            assert!(reaches(&words(sql)).is_some(), "{sql}");
        }
        for sql in [
            "grant select on t to app",
            "create user mapping for app server s",
            "create table role (database text)",
            "alter table t owner to app",
            "comment on table t is 'x'",
            "create index concurrently i on t (a)",
        ] {
            assert!(reaches(&words(sql)).is_none(), "{sql}");
        }
    }
}
