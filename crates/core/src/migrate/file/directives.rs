//! What the head of a file asks for, in comments of ours: `-- evaldesk: no-transaction`.

use super::{FileProblem, MigrationFormat};
use crate::migrate::Version;

/// What the head of a file asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// Statement by statement, each for itself. Other tools' ways of saying so are read into this too.
    pub no_transaction: bool,
    /// Only when it is named.
    pub opt_in: bool,
    /// Versions that must be up before this one.
    pub requires: Vec<Version>,
}

/// The comments of ours at the head of a file, without their mark.
fn at_the_head(sql: &str) -> impl Iterator<Item = &str> {
    let head = sql.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("--"));
    head.filter_map(|line| line.strip_prefix("-- evaldesk:")).map(str::trim)
}

/// Whether the head asks for what only Evaldesk heeds. An accepted finding of the linter may stand in anybody's file.
pub(super) fn are_ours(sql: &str) -> bool {
    at_the_head(sql).any(|directive| !directive.starts_with("accept "))
}

impl Directives {
    pub(super) fn parse(file: &str, sql: &str, format: MigrationFormat) -> Result<Self, FileProblem> {
        let mut found = Self::default();
        for directive in at_the_head(sql) {
            found.take(directive).ok_or_else(|| unknown(file, directive))?;
        }
        if format != MigrationFormat::Evaldesk && are_ours(sql) {
            return Err(not_heeded(file, sql, format));
        }
        Ok(found)
    }

    fn take(&mut self, directive: &str) -> Option<()> {
        match directive.split_once(' ').unwrap_or((directive, "")) {
            ("no-transaction", "") => self.no_transaction = true,
            ("opt-in", "") => self.opt_in = true,
            ("requires", version) if !version.trim().is_empty() => self.requires.push(Version::new(version)),
            // The linter reads these, and says what is wrong with one.
            ("accept", rule) if !rule.trim().is_empty() => {}
            _ => return None,
        }
        Some(())
    }
}

fn unknown(file: &str, directive: &str) -> FileProblem {
    FileProblem::new(
        file,
        format!("has a directive that is not known: \"{directive}\""),
        "Known are no-transaction, opt-in, requires VERSION, and accept RULE because REASON.",
    )
}

fn not_heeded(file: &str, sql: &str, format: MigrationFormat) -> FileProblem {
    let directive = at_the_head(sql).find(|directive| !directive.starts_with("accept ")).unwrap_or_default();
    let hint = match directive {
        "no-transaction" => format.without_transaction().to_owned(),
        _ => format!("Take it out: {format} runs the file all the same."),
    };
    FileProblem::new(
        file,
        format!("asks for \"{directive}\", which {format} would not heed: its files are here"),
        hint,
    )
}
