//! A migration as its files give it: the name's rules, the head's directives, the statements.
//!
//! Everything that can be wrong with a file is found here, before any database is asked.

use sha2::{Digest, Sha384};

use super::Version;
use crate::sql::lex::{TokenKind, tokens};
use crate::sql::split::{Statement, split};
use crate::{Error, ErrorKind, Result};

/// One version with its scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub version: Version,
    pub name: String,
    pub up: Script,
    /// `None` makes the version irreversible.
    pub down: Option<Script>,
    pub verify: Option<Script>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The file's name.
    pub file: String,
    /// SHA-384 of the bytes as they are on disk, in hex.
    pub sha384: String,
    /// The text, without a byte order mark.
    pub sql: String,
    pub statements: Vec<Statement>,
    pub directives: Directives,
}

/// What the head of a file asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// Statement by statement, each for itself.
    pub no_transaction: bool,
    /// Only when it is named.
    pub opt_in: bool,
    /// Versions that must be up before this one.
    pub requires: Vec<Version>,
}

/// Which of the files of a version one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Up,
    Down,
    Verify,
}

/// A file's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName {
    pub(super) version: Version,
    pub(super) name: String,
    pub(super) role: Role,
}

impl FileName {
    /// Reads `<version>_<name>.<role>.sql`.
    pub(super) fn parse(file: &str) -> Result<Self> {
        Self::read(file).ok_or_else(|| {
            Error::new(ErrorKind::InvalidArguments, format!("{file} is not named like a migration")).hint(
                "The name is <version>_<name>.up.sql, .down.sql or .verify.sql: digits, then a-z, 0-9 and _.",
            )
        })
    }

    fn read(file: &str) -> Option<Self> {
        let (stem, role) = [(".up.sql", Role::Up), (".down.sql", Role::Down), (".verify.sql", Role::Verify)]
            .into_iter()
            .find_map(|(ending, role)| Some((file.strip_suffix(ending)?, role)))?;
        let (version, name) = stem.split_once('_')?;
        let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (digits && !name.is_empty() && name.bytes().all(plain)).then(|| Self {
            version: Version::new(version),
            name: name.to_owned(),
            role,
        })
    }
}

impl Script {
    /// Reads a file's bytes.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            invalid(file, &format!("is not UTF-8 (byte {})", error.valid_up_to()))
                .hint("Save the file as UTF-8.")
        })?;
        let sql = text.strip_prefix('\u{feff}').unwrap_or(text);
        let statements =
            split(sql).map_err(|error| invalid(file, &format!("line {}: {}", error.line, error.problem)))?;
        let directives = Directives::parse(file, sql)?;
        let script = Self {
            file: file.to_owned(),
            sha384: hex(&Sha384::digest(bytes)),
            sql: sql.to_owned(),
            statements,
            directives,
        };
        script.check()?;
        Ok(script)
    }

    fn check(&self) -> Result<()> {
        if self.statements.is_empty() {
            return Err(invalid(&self.file, "holds no statement")
                .hint("Write the statement that it is for, or delete the file."));
        }
        self.statements.iter().try_for_each(|statement| self.check_statement(statement))
    }

    fn check_statement(&self, statement: &Statement) -> Result<()> {
        let words = leading_words(&statement.text, 4);
        let at = |what: &str| invalid(&self.file, &format!("line {}: {what}", statement.line));
        if controls_transaction(&words) {
            return Err(at(&format!("\"{}\" controls the transaction by itself", words.join(" ")))
                .hint("Take it out: a migration runs in one transaction, or statement by statement with -- evaldesk: no-transaction."));
        }
        if !self.directives.no_transaction && needs_no_transaction(&words) {
            return Err(at(&format!("\"{}\" cannot run inside a transaction", words.join(" ")))
                .hint("Write -- evaldesk: no-transaction at the head of the file."));
        }
        Ok(())
    }
}

impl Directives {
    fn parse(file: &str, sql: &str) -> Result<Self> {
        let mut found = Self::default();
        let head = sql.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("--"));
        for directive in head.filter_map(|line| line.strip_prefix("-- evaldesk:")).map(str::trim) {
            match directive.split_once(' ').unwrap_or((directive, "")) {
                ("no-transaction", "") => found.no_transaction = true,
                ("opt-in", "") => found.opt_in = true,
                ("requires", version) if !version.trim().is_empty() => {
                    found.requires.push(Version::new(version));
                }
                _ => {
                    return Err(invalid(
                        file,
                        &format!("has a directive that is not known: \"{directive}\""),
                    )
                    .hint("Known are no-transaction, opt-in and requires VERSION."));
                }
            }
        }
        Ok(found)
    }
}

fn leading_words(statement: &str, count: usize) -> Vec<String> {
    let tokens = tokens(statement).unwrap_or_default();
    let words = tokens.iter().filter(|token| token.kind != TokenKind::Comment);
    words
        .take_while(|token| token.kind == TokenKind::Word)
        .take(count)
        .map(|token| token.text(statement).to_lowercase())
        .collect()
}

fn controls_transaction(words: &[String]) -> bool {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["begin" | "commit" | "rollback" | "abort" | "end", ..]
            | ["start", "transaction", ..]
            | ["prepare", "transaction", ..]
    )
}

fn needs_no_transaction(words: &[String]) -> bool {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["vacuum", ..] | ["create" | "drop", "database" | "tablespace", ..] | ["alter", "system", ..] => true,
        ["create" | "drop" | "reindex", rest @ ..] => rest.contains(&"concurrently"),
        _ => false,
    }
}

fn invalid(file: &str, why: &str) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("{file} {why}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        Script::parse("1_a.up.sql", bytes).unwrap_err().message().to_owned()
    }

    #[test]
    fn a_name_is_taken_apart() {
        let name = FileName::parse("20251106000001_create_evaluation_tables.down.sql").unwrap();
        assert_eq!((name.version.as_str(), name.role), ("20251106000001", Role::Down));
        assert_eq!(name.name, "create_evaluation_tables");
        for bad in ["create.up.sql", "1_.up.sql", "1_A.up.sql", "1_a.sql", "x1_a.up.sql"] {
            assert!(FileName::parse(bad).unwrap_err().message().contains(bad));
        }
    }

    #[test]
    fn directives_stand_at_the_head_alone() {
        let sql =
            b"-- evaldesk: no-transaction\n-- evaldesk: requires 007\n\nselect 1;\n-- evaldesk: opt-in\n";
        let script = Script::parse("1_a.up.sql", sql).unwrap();
        assert!(script.directives.no_transaction && !script.directives.opt_in);
        assert_eq!(script.directives.requires, [Version::new("7")]);
        assert!(message(b"-- evaldesk: faster\nselect 1").contains("faster"));
    }

    #[test]
    fn the_sum_is_of_the_raw_bytes_and_a_byte_order_mark_does_no_harm() {
        let plain = Script::parse("1_a.up.sql", b"select 1;\n").unwrap();
        let marked = Script::parse("1_a.up.sql", b"\xef\xbb\xbfselect 1;\r\n").unwrap();
        assert_eq!(plain.statements, marked.statements);
        assert_ne!(plain.sha384, marked.sha384);
        assert_eq!(plain.sha384.len(), 96);
    }

    #[test]
    fn each_bad_file_has_its_own_message() {
        assert_eq!(message(b"-- only words\n"), "1_a.up.sql holds no statement");
        assert_eq!(message(b"select '\xff'"), "1_a.up.sql is not UTF-8 (byte 8)");
        assert!(message(b"select 1;\ncommit;").contains("line 2: \"commit\" controls the transaction"));
        assert!(message(b"create index concurrently i on t (a)").contains("cannot run inside a transaction"));
        assert!(message(b"\\i other.sql").contains("psql"));
    }
}
