//! What one statement would leave behind on a session that is handed on, told from its words.
//!
//! What a function or a block does inside cannot be seen; of a block the words are looked at.

use crate::query::tag;
use crate::sql::lex::{self, Token, TokenKind};
use crate::sql::statement::{InTransaction, describe_on};

/// Why a statement is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Objection {
    /// The statement's verb, or the function's name.
    pub(super) what: String,
    pub(super) why: &'static str,
    /// What does the same here, if anything does; with a space at its end.
    pub(super) instead: &'static str,
}

const SETTING: &str = "a setting of the session would count for whoever gets it next";
const IN_TRANSACTION: &str =
    "Write begin, set local …, the statements and commit: that lasts until the commit. ";
const LOCKED: &str = "a lock of the session would stay locked by whoever gets it next";
const TEMPORARY: &str =
    "a temporary object would be there for whoever gets the session next, and perhaps not for you";
const PREPARED: &str = "a prepared statement stays with the session";
const OUTSIDE: &str = "it cannot run inside of a transaction, which here every statement does";

/// What is in the way of a statement, on a server of this major version.
pub(super) fn objection(sql: &str, major: u32) -> Option<Objection> {
    let verb = tag::verb(sql);
    let words = Words::of(sql);
    let found = by_verb(&words, &verb).map(|(why, instead)| Objection { what: verb.clone(), why, instead });
    let outside = || {
        let forbidden = describe_on(sql, major).transaction == InTransaction::Forbidden;
        forbidden.then(|| Objection { what: verb.clone(), why: OUTSIDE, instead: "" })
    };
    found.or_else(|| by_function(&words)).or_else(|| by_block(sql, &verb)).or_else(outside)
}

fn by_verb(words: &Words<'_>, verb: &str) -> Option<(&'static str, &'static str)> {
    match verb {
        "SET" if !words.starts(&["SET", "LOCAL"]) => {
            let of_transaction =
                ["TRANSACTION", "CONSTRAINTS"].iter().any(|kind| words.starts(&["SET", kind]));
            (!of_transaction).then_some((SETTING, IN_TRANSACTION))
        }
        "SET" if words.has("APPLICATION_NAME") => {
            Some(("a cancel finds what you run by that name", "Leave application_name as it is. "))
        }
        "RESET" | "DISCARD ALL" | "DISCARD PLANS" | "DISCARD SEQUENCES" | "DISCARD TEMP"
        | "DISCARD TEMPORARY" => Some(("it would take away what others have set there", "")),
        "LISTEN" | "UNLISTEN" => Some(("whoever gets the session next would be told instead of you", "")),
        "LOAD" => Some(("the library would stay loaded for whoever gets the session next", "")),
        "PREPARE" if !words.starts(&["PREPARE", "TRANSACTION"]) => Some((PREPARED, PARAMETERS)),
        "EXECUTE" | "DEALLOCATE" => Some((PREPARED, PARAMETERS)),
        "DECLARE CURSOR" if words.follow(&["WITH", "HOLD"]) => Some((
            "a cursor with hold outlives its transaction",
            "Leave out with hold, between begin and commit. ",
        )),
        _ => temporary(words, verb),
    }
}

const PARAMETERS: &str = "Write :name where a value belongs: a tab asks for it. ";

/// `on commit drop` leaves nothing.
fn temporary(words: &Words<'_>, verb: &str) -> Option<(&'static str, &'static str)> {
    let creates = words.starts(&["CREATE"]) && !matches!(verb, "CREATE FUNCTION" | "CREATE PROCEDURE");
    let named = ["TEMP", "TEMPORARY"].iter().any(|word| words.near_start(word)) || words.has("PG_TEMP");
    let into = ["TEMP", "TEMPORARY"].iter().any(|word| words.follow(&["INTO", word]));
    let left = (creates && named && !words.follow(&["ON", "COMMIT", "DROP"])) || into;
    left.then_some((TEMPORARY, "Between begin and commit, create temporary table … on commit drop works. "))
}

fn by_function(words: &Words<'_>) -> Option<Objection> {
    let called = |at: &usize| words.0.get(at + 1).is_some_and(|next| *next == "(");
    let mut calls = (0..words.0.len()).filter(called);
    calls.find_map(|at| {
        let name = words.0[at].to_ascii_lowercase();
        let (why, instead) = match name.as_str() {
            "set_config" if !words.is_local(at) => (SETTING, "Give it true as its third argument. "),
            "setseed" | "dblink_connect" | "dblink_connect_u" => (SETTING, ""),
            _ if is_session_lock(&name) => (LOCKED, "pg_advisory_xact_lock ends with its transaction. "),
            _ => return None,
        };
        Some(Objection { what: name, why, instead })
    })
}

fn is_session_lock(name: &str) -> bool {
    let locks = ["pg_advisory_lock", "pg_try_advisory_lock", "pg_advisory_unlock"];
    locks.iter().any(|lock| name.starts_with(lock))
}

/// The words of a block that is run at once.
fn by_block(sql: &str, verb: &str) -> Option<Objection> {
    if verb != "DO" {
        return None;
    }
    let tokens = lex::tokens(sql).ok()?;
    let body = tokens.iter().find(|token| token.kind == TokenKind::Text)?.text(sql);
    let inner = body.strip_prefix('$').and_then(|rest| rest.split_once('$')).map_or(body, |(_, inner)| inner);
    let words = Words::of(inner);
    let sets = words.0.windows(2).any(|pair| is(pair[0], "SET") && is_session_word(pair[1]));
    let set = Objection { what: "DO".to_owned(), why: SETTING, instead: IN_TRANSACTION };
    by_function(&words).or_else(|| sets.then_some(set))
}

/// `update t set session = 1` is no setting; `set session …`, `set role` and `set time zone` in a block are.
fn is_session_word(word: &str) -> bool {
    ["SESSION", "ROLE", "TIME"].iter().any(|kind| is(word, kind))
}

fn is(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
}

/// The words, names and parentheses of a text, in their order.
struct Words<'a>(Vec<&'a str>);

impl<'a> Words<'a> {
    fn of(sql: &'a str) -> Self {
        let kept = |token: &Token| {
            use TokenKind::{Close, Open, QuotedName, Symbol, Word};
            matches!(token.kind, Word | QuotedName | Open | Close | Symbol)
        };
        let text = |token: Token| token.text(sql).trim_matches('"');
        Self(lex::Tokens::of(sql).map_while(Result::ok).filter(kept).map(text).collect())
    }

    fn starts(&self, words: &[&str]) -> bool {
        self.0.len() >= words.len() && self.0.iter().zip(words).all(|(word, other)| is(word, other))
    }

    fn has(&self, word: &str) -> bool {
        self.0.iter().any(|other| is(other, word))
    }

    fn follow(&self, words: &[&str]) -> bool {
        let same = |found: &[&str]| found.iter().zip(words).all(|(word, other)| is(word, other));
        self.0.windows(words.len()).any(same)
    }

    /// Among `create or replace global temporary`.
    fn near_start(&self, word: &str) -> bool {
        self.0.iter().take(5).any(|other| is(other, word))
    }

    /// Whether the last argument of a call is the word true.
    fn is_local(&self, call: usize) -> bool {
        let mut depth = 0_u32;
        for (at, word) in self.0.iter().enumerate().skip(call + 1) {
            match *word {
                "(" => depth += 1,
                ")" if depth == 1 => return is(self.0[at - 1], "true"),
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, what: Option<&str>) {
        let found = objection(sql, 17);
        assert_eq!(found.as_ref().map(|found| found.what.as_str()), what, "{sql}: {found:?}");
    }

    #[test]
    fn what_would_stay_with_the_session_is_not_sent() {
        for (sql, what) in [
            ("set work_mem = '1GB'", "SET"),
            ("set session characteristics as transaction read only", "SET"),
            ("set time zone 'UTC'", "SET"),
            ("set role x", "SET"),
            ("set local \"application_name\" = 'me'", "SET"),
            ("reset all", "RESET"),
            ("discard all", "DISCARD ALL"),
            ("listen x", "LISTEN"),
            ("prepare q as select 1", "PREPARE"),
            ("execute q(1)", "EXECUTE"),
            ("deallocate all", "DEALLOCATE"),
            ("declare c cursor with hold for select 1", "DECLARE CURSOR"),
            ("create temp table t (n int)", "CREATE TABLE"),
            ("create or replace temporary view v as select 1", "CREATE VIEW"),
            ("create table pg_temp.t as select 1", "SELECT"),
            ("select 1 into temp t", "SELECT"),
            ("select set_config('a.b', 'c', false)", "set_config"),
            ("select pg_catalog.\"pg_advisory_lock\"(1)", "pg_advisory_lock"),
            ("with l as (select pg_try_advisory_lock_shared(1)) table l", "pg_try_advisory_lock_shared"),
            ("do $x$ begin perform set_config('a', 'b', false); end $x$", "set_config"),
            ("do $$ begin set session work_mem = '1GB'; end $$", "DO"),
            ("vacuum t", "VACUUM"),
            ("create index concurrently i on t (a)", "CREATE INDEX"),
            ("create database x", "CREATE DATABASE"),
            ("do $$ begin commit; end $$", "DO"),
        ] {
            check(sql, Some(what));
        }
    }

    #[test]
    fn what_ends_with_its_transaction_is_sent() {
        for sql in [
            "select 1, 'set_config(', \"temp\" from temp",
            "set local work_mem = '1GB'",
            "set transaction isolation level serializable",
            "set constraints all deferred",
            "prepare transaction 'x'",
            "begin; ",
            "create temp table t on commit drop as select 1",
            "select set_config('a.b', (select 'x'), true)",
            "select pg_advisory_xact_lock(1)",
            "declare c cursor for select 1",
            "insert into t select 1",
            "update t set session = 1",
            "notify x",
            "create index i on t (a)",
        ] {
            check(sql, None);
        }
    }
}
