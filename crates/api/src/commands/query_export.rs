//! Exporting a whole result into a file.

use std::path::PathBuf;

use evaldesk_core::ErrorKind;
use evaldesk_core::query::export::{
    ExportPlace, QueryExportFormat, QueryExportRequest, export_query, export_result,
};
use evaldesk_core::query::{QueryParameter, Reading};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::JobStarted;
use crate::session::PassedOn;
use crate::{ErrorReport, Result, Session};

/// What to export where: a result that a tab has, or a statement.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryExportArguments {
    pub connection: String,
    /// The tab that the result is in; its id is in the result's.
    #[serde(default)]
    pub tab: Option<String>,
    /// A result. Where it does not hold all of its rows, the server is asked for its statement again.
    #[serde(default)]
    pub result: Option<String>,
    /// A view of the result: its rows in its order.
    #[serde(default)]
    pub view: Option<String>,
    /// Without a result: one statement.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub parameters: Vec<QueryParameter>,
    pub format: QueryExportFormat,
    /// The file's whole path.
    pub path: String,
    /// Of inserts: the table as SQL names it; without it, the one that all columns come from.
    #[serde(default)]
    pub table: Option<String>,
}

/// Starts an export into a file that is not there yet; its outcome is a `QueryExport`.
pub async fn query_export(session: &Session, arguments: QueryExportArguments) -> Result<JobStarted> {
    export(session, arguments, false).await
}

/// The same, and a file that is there is replaced. It is no command of the read-only set: a page that may only read shall
/// not take what a user has on the disk.
pub async fn query_export_replace(session: &Session, arguments: QueryExportArguments) -> Result<JobStarted> {
    export(session, arguments, true).await
}

async fn export(session: &Session, arguments: QueryExportArguments, overwrite: bool) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    let reading = match &arguments.result {
        Some(result) => Some(session.queries().result(result, arguments.view.as_deref())?),
        None => None,
    };
    let place = ExportPlace { path: arguments.whole_path()?, overwrite };
    session.check_place(&place.path)?;
    place.check()?;
    let request = arguments.request(reading.as_ref())?;
    let (target, clock) = (database.clone(), session.shared_clock());
    let title = format!("Export to {}", place.path.display());
    let (noting, profile) = (session.clone(), database.profile().clone());
    let job = session.start_job("query_export", title, Some(&database), |job| async move {
        if let Some(reading) = reading.filter(Reading::is_complete) {
            return export_result(&target, reading, &request, &place, clock.as_ref(), &job).await;
        }
        let passed = PassedOn { profile, text: request.text.clone(), to_reader: false };
        let exporting = export_query(&target, &request, &place, clock.as_ref(), &job);
        noting.pass_on(passed, |export| export.rows, exporting).await
    })?;
    Ok(JobStarted { job })
}

impl QueryExportArguments {
    fn whole_path(&self) -> Result<PathBuf> {
        let path = PathBuf::from(self.path.trim());
        if path.is_absolute() {
            return Ok(path);
        }
        let message = format!("{} is no whole path", path.display());
        Err(ErrorReport::new(ErrorKind::InvalidArguments, message)
            .hint("Say where the file shall be from the root on."))
    }

    fn request(self, reading: Option<&Reading>) -> Result<QueryExportRequest> {
        let text = self.text.or_else(|| reading.map(|reading| reading.text().to_owned()));
        let nothing = || {
            ErrorReport::new(ErrorKind::InvalidArguments, "there is nothing to export")
                .hint("Name a result or a statement.")
        };
        Ok(QueryExportRequest {
            text: text.ok_or_else(nothing)?,
            parameters: self.parameters,
            format: self.format,
            table: self.table,
        })
    }
}
