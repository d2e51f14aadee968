//! Whose files a folder holds: by what only one tool's files have. Our files and sqlx's may look the same, and then run
//! the same: those count as ours.

use super::directives::are_ours;
use super::name::role_of;
use super::{MigrationFormat, RawFile, ScriptRole, dbmate, in_words, is_plain_name};
use crate::migrate::rails::is_twin;
use crate::{Error, ErrorKind, Result};

/// What tells whose file one is.
struct Mark {
    format: MigrationFormat,
    why: &'static str,
    /// Gives way to any other.
    weak: bool,
}

impl Mark {
    fn new(format: MigrationFormat, why: &'static str) -> Self {
        Self { format, why, weak: false }
    }
}

/// Recognises a folder's format, and drops from the files what belongs to none: our own Ruby twins beside their files.
///
/// # Errors
/// `InvalidArguments` for a mixture, naming a file of each tool.
pub(in crate::migrate) fn recognise(files: &mut Vec<RawFile>) -> Result<MigrationFormat> {
    if files.iter().any(|file| file.name.ends_with(".sql")) {
        files.retain(|file| !(file.name.ends_with(".rb") && is_twin(&file.bytes)));
    }
    let mut marked: Vec<(Mark, &str)> =
        files.iter().filter_map(|file| Some((mark(file)?, file.name.as_str()))).collect();
    if marked.iter().any(|(mark, _)| mark.format == MigrationFormat::Dbmate) {
        marked.retain(|(mark, _)| !mark.weak);
    }
    marked.sort_by_key(|(mark, _)| mark.format);
    marked.dedup_by_key(|(mark, _)| mark.format);
    match &marked[..] {
        [] => Ok(unmarked(files)),
        [(mark, _)] => Ok(mark.format),
        several => Err(mixed(several)),
    }
}

fn mark(file: &RawFile) -> Option<Mark> {
    let name = &file.name;
    if name.ends_with(".rb") {
        return Some(Mark::new(MigrationFormat::Rails, "a file of Ruby"));
    }
    let text = String::from_utf8_lossy(&file.bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let role = role_of(name).map(|(_, role)| role);
    match role {
        Some(ScriptRole::Verify) => Some(Mark::new(MigrationFormat::Evaldesk, "a verify file")),
        _ if dbmate::has_up(text) => Some(Mark::new(MigrationFormat::Dbmate, "it has -- migrate:up")),
        _ if text.starts_with("-- no-transaction") => {
            Some(Mark::new(MigrationFormat::Sqlx, "it begins with -- no-transaction"))
        }
        None => {
            Some(Mark { weak: true, ..Mark::new(MigrationFormat::Sqlx, "its name says neither up nor down") })
        }
        Some(_) if are_ours(text) => {
            Some(Mark::new(MigrationFormat::Evaldesk, "it has -- evaldesk: at its head"))
        }
        Some(_) => None,
    }
}

/// Nothing tells: a description that only sqlx takes, or ours.
fn unmarked(files: &[RawFile]) -> MigrationFormat {
    let plain = |file: &RawFile| {
        let name = role_of(&file.name).and_then(|(stem, _)| stem.split_once('_'));
        name.is_none_or(|(_, name)| is_plain_name(name))
    };
    if files.iter().all(plain) { MigrationFormat::Evaldesk } else { MigrationFormat::Sqlx }
}

fn mixed(marked: &[(Mark, &str)]) -> Error {
    let each: Vec<String> =
        marked.iter().map(|(mark, file)| format!("{file} is {}'s ({})", mark.format, mark.why)).collect();
    Error::new(
        ErrorKind::InvalidArguments,
        format!("the folder mixes the files of several tools: {}", each.join(", ")),
    )
    .hint("Give each tool a folder of its own, and set the one that this database is migrated with.")
}

/// A folder without a migration in it, and with other files of SQL.
pub(in crate::migrate) fn none_of_them(folder: &str, left_out: &[String]) -> Error {
    Error::new(
        ErrorKind::InvalidArguments,
        format!("{folder} holds files of SQL, but no migration: {}", in_words(left_out)),
    )
    .hint("A migration's name begins with its version: <version>_<name>.up.sql.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(files: &[(&str, &str)]) -> Vec<RawFile> {
        let file = |(name, text): &(&str, &str)| RawFile {
            name: (*name).to_owned(),
            path: None,
            bytes: text.as_bytes().to_vec(),
        };
        files.iter().map(file).collect()
    }

    fn check(files: &[(&str, &str)], expected: MigrationFormat) {
        assert_eq!(recognise(&mut raw(files)).unwrap(), expected, "{files:?}");
    }

    fn refused(files: &[(&str, &str)]) -> String {
        recognise(&mut raw(files)).unwrap_err().message().to_owned()
    }

    #[test]
    fn each_tools_files_are_known_by_what_only_they_have() {
        check(&[], MigrationFormat::Evaldesk);
        check(&[("1_a.up.sql", "select 1"), ("1_a.down.sql", "select 1")], MigrationFormat::Evaldesk);
        check(&[("1_a.up.sql", ""), ("1_a.verify.sql", "")], MigrationFormat::Evaldesk);
        check(&[("1_a.sql", "select 1")], MigrationFormat::Sqlx);
        check(&[("1_a.up.sql", "-- no-transaction\n")], MigrationFormat::Sqlx);
        check(&[("1_Add Users.up.sql", "select 1")], MigrationFormat::Sqlx);
        check(&[("1_a.sql", "-- migrate:up\n"), ("2_b.sql", "select 1")], MigrationFormat::Dbmate);
        check(&[("1_a.rb", "class A; end")], MigrationFormat::Rails);
    }

    #[test]
    fn a_mixture_names_a_file_of_each_tool_and_what_gave_it_away() {
        let said = refused(&[("1_a.verify.sql", ""), ("2_b.sql", "select 1")]);
        assert!(said.contains("1_a.verify.sql is Evaldesk's (a verify file)"), "{said}");
        assert!(said.contains("2_b.sql is sqlx's (its name says neither up nor down)"), "{said}");
        assert!(refused(&[("1_a.rb", ""), ("2_b.sql", "-- migrate:up")]).contains("2_b.sql is dbmate's"));
        assert!(
            refused(&[("1_a.up.sql", "-- evaldesk: opt-in\n"), ("2_b.up.sql", "-- no-transaction")])
                .contains("begins with -- no-transaction")
        );
    }

    #[test]
    fn an_accepted_finding_makes_a_file_nobodys() {
        let accept = "-- evaldesk: accept ban-drop-table because nobody reads it\n";
        check(&[("1_a.sql", accept)], MigrationFormat::Sqlx);
    }
}
