//! `evaldesk query --format F --out FILE`: all rows, as a file or on standard output.
//!
//! One query that is proven to change nothing goes out as it comes from the server. Everything else runs as in a tab
//! first, and what it brought is written then.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use evaldesk_api::commands::{
    JobStarted, QueryExportArguments, QueryRunArguments, QueryStreamArguments, query_export,
    query_export_replace, query_is_plain, query_stream,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::query::export::{QueryExport, QueryExportFormat};
use evaldesk_api::core::query::{QueryState, query_pieces};
use evaldesk_api::{ErrorReport, Result};

use super::{Context, Query};
use crate::follow::{follow_within, read};
use crate::print;

/// What rows are written as: a table for a person, or a format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Rows(QueryExportFormat),
}

const FORMATS: [Format; QueryExportFormat::ALL.len() + 1] = {
    let mut formats = [Format::Table; QueryExportFormat::ALL.len() + 1];
    let mut at = 0;
    while at < QueryExportFormat::ALL.len() {
        formats[at + 1] = Format::Rows(QueryExportFormat::ALL[at]);
        at += 1;
    }
    formats
};

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &FORMATS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Table => "table",
            Self::Rows(format) => format.name(),
        }))
    }
}

/// The format that was asked for, or that the file's ending says; none where a table or a document is printed.
///
/// # Errors
/// `InvalidArguments` for what a file cannot be, and for two formats at once.
pub(super) fn format(context: &Context, query: &Query) -> Result<Option<QueryExportFormat>> {
    let named = match query.format {
        Some(Format::Rows(format)) => Some(format),
        Some(Format::Table) => None,
        None => query.out.as_deref().and_then(ending),
    };
    match (named, &query.out) {
        (None, Some(path)) => Err(unknown(path)),
        (Some(_), None) if context.common.json => {
            Err(usage("--json and --format are two formats at once", "Leave one of them out."))
        }
        (format, _) => Ok(format),
    }
}

fn ending(path: &Path) -> Option<QueryExportFormat> {
    QueryExportFormat::of_ending(path.extension()?.to_str()?)
}

fn unknown(path: &Path) -> ErrorReport {
    let [most @ .., last] = QueryExportFormat::ALL.map(QueryExportFormat::name);
    usage(
        &format!("what {} shall be is not known", path.display()),
        &format!("Say --format {} or {last}.", most.join(", ")),
    )
}

pub(super) async fn run(context: &Context, query: &Query, format: QueryExportFormat) -> Result<()> {
    let asked = super::asked(context, query)?;
    let rows = Rows { context, query, format, asked: &asked };
    if query.out.is_some() && query_pieces(&asked.text).len() > 1 {
        return Err(usage(
            "a file takes the rows of one statement",
            "Leave the others out, or write without --out.",
        ));
    }
    let plain = query_is_plain(&context.session, &asked.connection, &asked.text, &asked.parameters).await?;
    if plain {
        return rows.write(None).await;
    }
    super::in_a_tab(context, asked.clone(), query.read_only, async |state| rows.write_all(state).await).await
}

/// What is written, and as what.
struct Rows<'a> {
    context: &'a Context,
    query: &'a Query,
    format: QueryExportFormat,
    asked: &'a QueryRunArguments,
}

impl Rows<'_> {
    /// Each result of a run; what brought none is said. A statement that failed has no whole result.
    async fn write_all(&self, state: &QueryState) -> Result<()> {
        for result in state.results.iter().filter(|result| result.complete) {
            self.write(Some(result.id.clone())).await?;
        }
        let silent = state.statements.iter().filter(|statement| statement.result.is_none());
        silent.filter_map(|statement| statement.tag.as_deref()).for_each(print::note);
        Ok(())
    }

    /// A result, or the rows of the statement as they come.
    async fn write(&self, result: Option<String>) -> Result<()> {
        match &self.query.out {
            Some(path) => self.file(path, result).await,
            None => self.stream(result).await,
        }
    }

    async fn file(&self, path: &Path, result: Option<String>) -> Result<()> {
        let limit = self.limit(result.as_deref());
        let arguments = QueryExportArguments {
            connection: self.asked.connection.clone(),
            tab: None,
            result,
            view: None,
            text: Some(self.asked.text.clone()),
            parameters: self.asked.parameters.clone(),
            format: self.format,
            path: whole(path)?.display().to_string(),
            table: self.query.table.clone(),
        };
        let JobStarted { job } = match self.query.overwrite {
            true => query_export_replace(&self.context.session, arguments).await?,
            false => query_export(&self.context.session, arguments).await?,
        };
        let export: QueryExport = read(follow_within(&self.context.session, &job, limit, false).await?)?;
        self.context.show(&export, |export| {
            let size = print::bytes(i64::try_from(export.bytes).unwrap_or(i64::MAX));
            print::note(&format!("{}, {size}: {}", print::rows(export.rows), export.path));
        })
    }

    /// How long the server may be asked; a result that is here already takes what it takes.
    fn limit(&self, result: Option<&str>) -> Option<Duration> {
        let given = self.query.timeout.filter(|milliseconds| *milliseconds > 0 && result.is_none());
        given.map(|milliseconds| Duration::from_millis(milliseconds.into()))
    }

    async fn stream(&self, result: Option<String>) -> Result<()> {
        let limit = self.limit(result.as_deref());
        let arguments = QueryStreamArguments {
            connection: self.asked.connection.clone(),
            result,
            text: self.asked.text.clone(),
            parameters: self.asked.parameters.clone(),
            format: self.format,
            table: self.query.table.clone(),
        };
        let closed = Arc::new(AtomicBool::new(false));
        let out = Box::new(StandardOutput(Arc::clone(&closed)));
        let JobStarted { job } = query_stream(&self.context.session, arguments, out).await?;
        let ended = follow_within(&self.context.session, &job, limit, true).await;
        // `| head` has had enough: that is no failure, as with other tools.
        if closed.load(Ordering::Relaxed) { Ok(()) } else { ended.map(|_| ()) }
    }
}

/// From the root on: the backend knows no folder of the caller's.
fn whole(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| {
        usage(&format!("{} is no place for a file: {error}", path.display()), "Give its whole path.")
    })
}

fn usage(message: &str, hint: &str) -> ErrorReport {
    ErrorReport::new(ErrorKind::InvalidArguments, message).hint(hint)
}

/// Standard output, and whether nobody reads it any more.
struct StandardOutput(Arc<AtomicBool>);

impl StandardOutput {
    fn look<T>(&self, written: io::Result<T>) -> io::Result<T> {
        if written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            self.0.store(true, Ordering::Relaxed);
        }
        written
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.look(io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.look(io::stdout().flush())
    }
}
