//! One file of SQL: its text, its sum, its statements, and what is wrong with it.

use std::path::PathBuf;

use sha2::{Digest, Sha384};

use super::directives::Directives;
use super::{FileProblem, MigrationFormat, RawFile};
use crate::Result;
use crate::sql::lex::{self, TokenKind};
use crate::sql::split::{Statement, split};
use crate::sql::statement::{InTransaction, describe};

/// One file, or the part of a file that goes one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The file's name.
    pub file: String,
    /// Where it lies; `None` for what is compiled in.
    pub path: Option<PathBuf>,
    /// SHA-384 of the bytes as they are on disk, in hex, as sqlx sums them. Of a dbmate file, of its half.
    pub sha384: String,
    /// The text, without a byte order mark. Of Ruby, the source.
    pub sql: String,
    /// Empty where the file has a problem, and for Ruby.
    pub statements: Vec<Statement>,
    pub directives: Directives,
    /// Why it cannot be run.
    pub problem: Option<FileProblem>,
    /// What a person should know of it.
    pub notes: Vec<String>,
}

/// A piece of a file, as its format cut it out.
pub(super) struct Piece<'a> {
    pub(super) file: &'a RawFile,
    pub(super) format: MigrationFormat,
    /// The bytes of the piece.
    pub(super) bytes: &'a [u8],
    /// The line of the file that the piece begins with, from 1.
    pub(super) first_line: usize,
    /// Whether the tool's own way of saying so asks for no transaction.
    pub(super) no_transaction: bool,
}

impl Script {
    /// Reads the bytes of a file of our own format.
    ///
    /// # Errors
    /// `InvalidArguments`: what is wrong with it, with the line.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let file = RawFile { name: file.to_owned(), path: None, bytes: bytes.to_vec() };
        let script = Self::read(&Piece::whole(&file, MigrationFormat::Evaldesk, false));
        script.check()?;
        Ok(script)
    }

    /// Reads a piece; what is wrong with it is kept in it.
    pub(super) fn read(piece: &Piece<'_>) -> Self {
        let mut script = Self::unread(piece);
        if let Err(problem) = script.fill(piece) {
            script.statements.clear();
            script.problem = Some(problem);
        }
        script
    }

    /// Refuses a script that cannot be run.
    ///
    /// # Errors
    /// `InvalidArguments`, naming the file.
    pub fn check(&self) -> Result<()> {
        self.problem.as_ref().map_or(Ok(()), |problem| Err(problem.to_error()))
    }

    /// Whether it holds nothing but white space and comments.
    pub(in crate::migrate) fn is_blank(&self) -> bool {
        self.statements.is_empty() && split(&self.sql).is_ok_and(|statements| statements.is_empty())
    }

    /// With the text as far as it can be shown, and nothing read out of it.
    pub(super) fn unread(piece: &Piece<'_>) -> Self {
        let text = String::from_utf8_lossy(piece.bytes);
        Self {
            file: piece.file.name.clone(),
            path: piece.file.path.clone(),
            sha384: sha384(piece.bytes),
            sql: text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(),
            statements: Vec::new(),
            directives: Directives { no_transaction: piece.no_transaction, ..Directives::default() },
            problem: None,
            notes: Vec::new(),
        }
    }

    fn fill(&mut self, piece: &Piece<'_>) -> Result<(), FileProblem> {
        std::str::from_utf8(piece.bytes).map_err(|error| not_utf8(piece, error.valid_up_to()))?;
        self.notes = notes(piece, &self.sql);
        let asked = Directives::parse(&self.file, &self.sql, piece.format)?;
        self.directives =
            Directives { no_transaction: asked.no_transaction || piece.no_transaction, ..asked };
        let mut statements = split(&self.sql).map_err(|error| {
            let at = format!("line {}, column {}", error.line + piece.first_line - 1, error.column);
            FileProblem::new(&self.file, format!("{at}: {}", error.problem), UNREADABLE)
        })?;
        statements.iter_mut().for_each(|statement| statement.line += piece.first_line - 1);
        self.statements = statements;
        self.check_statements(piece.format)
    }

    fn check_statements(&self, format: MigrationFormat) -> Result<(), FileProblem> {
        if self.statements.is_empty() {
            return Err(FileProblem::new(&self.file, "holds no statement", EMPTY));
        }
        self.statements.iter().try_for_each(|statement| self.check_statement(statement, format))
    }

    fn check_statement(&self, statement: &Statement, format: MigrationFormat) -> Result<(), FileProblem> {
        let at = |what: &str, hint: &str| {
            let words = beginning(&statement.text);
            FileProblem::new(&self.file, format!("line {}: \"{words}\" {what}", statement.line), hint)
        };
        if gives_locks_away(&statement.text) {
            return Err(at("gives away the locks that keep others from migrating meanwhile", LOCKS));
        }
        match describe(&statement.text).transaction {
            InTransaction::Controls => Err(at("controls the transaction by itself", COMMITS)),
            InTransaction::Forbidden if !self.directives.no_transaction => {
                Err(at("cannot run inside a transaction", format.without_transaction()))
            }
            InTransaction::Forbidden | InTransaction::Allowed => Ok(()),
        }
    }
}

const UNREADABLE: &str = "Mend the file; nothing of it is run before all of it can be read.";
const EMPTY: &str = "Write the statement that it is for, or delete the file.";
const COMMITS: &str = "Take it out: a migration runs in one transaction, or statement by statement where the file asks for none.";

const LOCKS: &str = "Take it out: use discard plans, discard temp or deallocate all, and unlock single locks by their own keys.";

/// Whether a statement takes all advisory locks from its session, ours and Rails' among them; in a body too.
fn gives_locks_away(sql: &str) -> bool {
    let Ok(tokens) = lex::tokens(sql) else { return false };
    let said = tokens.iter().filter(|token| token.kind != TokenKind::Comment);
    let words: Vec<String> = said.map(|token| token.text(sql).to_ascii_lowercase()).collect();
    let discards =
        words.first().is_some_and(|first| first == "discard") && words.get(1).is_some_and(|of| of == "all");
    discards || words.iter().any(|word| word.contains("pg_advisory_unlock_all"))
}

impl<'a> Piece<'a> {
    /// The whole of a file.
    pub(super) fn whole(file: &'a RawFile, format: MigrationFormat, no_transaction: bool) -> Self {
        Self { file, format, bytes: &file.bytes, first_line: 1, no_transaction }
    }
}

fn not_utf8(piece: &Piece<'_>, at: usize) -> FileProblem {
    let line = piece.first_line + piece.bytes[..at].iter().filter(|byte| **byte == b'\n').count();
    FileProblem::new(
        &piece.file.name,
        format!("is not UTF-8 (line {line}, byte {at})"),
        "Save the file as UTF-8; nothing of it is guessed at.",
    )
}

fn notes(piece: &Piece<'_>, sql: &str) -> Vec<String> {
    let file = &piece.file.name;
    let mut notes = Vec::new();
    if piece.bytes.starts_with("\u{feff}".as_bytes()) {
        notes.push(format!("{file} begins with a byte order mark: it is left out here, other tools send it to the server or stop at it"));
    }
    if sql.contains("\r\n") {
        notes.push(format!("{file} has Windows line ends: its sum is over them, so a checkout that turns them into others makes the file look changed"));
    }
    notes
}

/// The words that a statement begins with, to name it by.
fn beginning(statement: &str) -> String {
    statement.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// SHA-384 in hex.
pub(in crate::migrate) fn sha384(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::Version;

    fn message(bytes: &[u8]) -> String {
        Script::parse("1_a.up.sql", bytes).unwrap_err().message().to_owned()
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
    fn an_accepted_finding_is_left_to_the_linter() {
        let sql = b"-- evaldesk: accept adding-field-with-default because the table is new\nselect 1;\n";
        assert_eq!(Script::parse("1_a.up.sql", sql).unwrap().directives, Directives::default());
    }

    #[test]
    fn the_sum_is_of_the_raw_bytes_and_a_byte_order_mark_does_no_harm() {
        let plain = Script::parse("1_a.up.sql", b"select 1;\n").unwrap();
        let marked = Script::parse("1_a.up.sql", b"\xef\xbb\xbfselect 1;\r\n").unwrap();
        assert_eq!(plain.statements, marked.statements);
        assert_ne!(plain.sha384, marked.sha384);
        assert_eq!((plain.sha384.len(), plain.notes.len()), (96, 0));
        assert!(marked.notes[0].contains("byte order mark"), "{:?}", marked.notes);
        assert!(marked.notes[1].contains("Windows line ends"), "{:?}", marked.notes);
    }

    #[test]
    fn windows_line_ends_keep_the_lines_and_the_directives() {
        let script =
            Script::parse("1_a.up.sql", b"-- evaldesk: no-transaction\r\n\r\nvacuum a;\r\nselect\r\n1;\r\n")
                .unwrap();
        let lines: Vec<_> = script.statements.iter().map(|statement| statement.line).collect();
        assert!(script.directives.no_transaction);
        assert_eq!(lines, [3, 4]);
    }

    #[test]
    fn what_takes_the_locks_of_the_run_away_is_refused_and_a_comment_about_it_is_not() {
        for sql in [
            "discard all",
            "/* so */ DISCARD  ALL",
            "select pg_advisory_unlock_all()",
            "select pg_catalog.\"pg_advisory_unlock_all\"()",
            "do $$ begin perform pg_advisory_unlock_all(); end $$",
        ] {
            let file = format!("-- evaldesk: no-transaction\nselect 1;\n{sql};");
            let message = message(file.as_bytes());
            assert!(message.contains("line 3") && message.contains("gives away the locks"), "{message}");
        }
        for sql in ["discard plans", "select 1 -- pg_advisory_unlock_all()", "select pg_advisory_unlock(7)"] {
            let file = format!("-- evaldesk: no-transaction\n{sql};");
            assert_eq!(Script::parse("1_a.up.sql", file.as_bytes()).unwrap().problem, None);
        }
    }

    #[test]
    fn bodies_with_semicolons_are_one_statement() {
        let sql = b"do $$ begin perform 1; perform 2; end $$;\n\
            create function f() returns int language sql as $body$ select 1; select 2; $body$;\nselect f();\n";
        assert_eq!(Script::parse("1_a.up.sql", sql).unwrap().statements.len(), 3);
    }

    #[test]
    fn each_bad_file_has_its_own_message() {
        assert_eq!(message(b"-- only words\n"), "1_a.up.sql holds no statement");
        assert_eq!(message(b""), "1_a.up.sql holds no statement");
        assert_eq!(message(b"\nselect '\xff'"), "1_a.up.sql is not UTF-8 (line 2, byte 9)");
        assert!(message(b"select 1;\ncommit;").contains("line 2: \"commit\" controls the transaction"));
        assert!(message(b"create index concurrently i on t (a)").contains("cannot run inside a transaction"));
        assert!(message(b"do $$ begin commit; end $$").contains("cannot run inside a transaction"));
        assert!(message(b"\\i other.sql").contains("psql"));
        assert!(message(b"select 'never closed").contains("line 1"));
    }
}
