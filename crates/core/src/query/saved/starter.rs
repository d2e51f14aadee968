//! The starter set: what the guide asks a person to run, corrected, by server version. Read-only, compiled in.

use super::{QueryFile, QueryFileText, front, walk};
use crate::{Error, ErrorKind, Result};

/// What the path of a starter file begins with.
const PREFIX: &str = "starter:";

macro_rules! file {
    ($path:literal) => {
        ($path, include_str!(concat!("starter/", $path)))
    };
}

/// Every file with its text.
pub const STARTER: &[(&str, &str)] = &[
    file!("Connections/Connections.sql"),
    file!("Connections/Idle in a transaction.sql"),
    file!("Connections/Who waits for whom.sql"),
    file!("Evaluations/Changes by configuration.sql"),
    file!("Evaluations/Failed results.sql"),
    file!("Evaluations/Regressions.sql"),
    file!("Evaluations/Runs of the last days.sql"),
    file!("Evaluations/Slow results.sql"),
    file!("Evaluations/Spans of a model.sql"),
    file!("Evaluations/Stuck in running.sql"),
    file!("Indexes/Foreign keys without an index.sql"),
    file!("Indexes/Index sizes.sql"),
    file!("Indexes/Index usage.sql"),
    file!("Indexes/Indexes never scanned.sql"),
    file!("Indexes/Invalid indexes.sql"),
    file!("Indexes/Is the GIN index of spans used.sql"),
    file!("Maintenance/Bloat, estimated.sql"),
    file!("Maintenance/Dead rows.sql"),
    file!("Maintenance/Last vacuum and analyze.sql"),
    file!("Maintenance/Runs to archive.sql"),
    file!("Server/Archiver.sql"),
    file!("Server/Extensions.sql"),
    file!("Server/Settings.sql"),
    file!("Server/Version.sql"),
    file!("Sizes/Rows by month.sql"),
    file!("Sizes/Table sizes.sql"),
    file!("Statements/Running now.sql"),
    file!("Statements/Slow statements (12).sql"),
    file!("Statements/Slow statements.sql"),
];

/// Whether a path is one of the starter set.
pub fn is_starter(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// The files for a server's major version, or for every one.
pub fn starter_files(major: Option<u32>) -> Vec<QueryFile> {
    let files = STARTER.iter().map(|(path, text)| describe(path, text));
    files.filter(|file| major.is_none_or(|major| file.server.is_none_or(|range| range.has(major)))).collect()
}

/// One file with its text.
///
/// # Errors
/// `NotFound` where there is none of that path.
pub fn starter(path: &str) -> Result<QueryFileText> {
    let wanted = path.strip_prefix(PREFIX);
    let found = STARTER.iter().find(|(path, _)| Some(*path) == wanted);
    let (path, text) = found.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("the starter set has no {path}"))
            .hint("List the saved queries again.")
    })?;
    Ok(QueryFileText { file: describe(path, text), text: (*text).to_owned(), stamp: String::new() })
}

fn describe(path: &str, text: &str) -> QueryFile {
    let mut file = QueryFile {
        path: format!("{PREFIX}{path}"),
        title: walk::title(path),
        starter: true,
        bytes: text.len() as u64,
        ..QueryFile::default()
    };
    front::read(text, &mut file);
    file
}
