//! Rows as they come, to whoever reads them in this process: the command line's standard output, a library's own file.

use std::io::Write;

use evaldesk_core::query::QueryParameter;
use evaldesk_core::query::export::{
    QueryExportFormat, QueryExportRequest, is_plain_query, stream_query, stream_result,
};

use super::JobStarted;
use crate::session::PassedOn;
use crate::{Result, Session};

/// What to pass on: a result that a tab has, or the rows of a statement. It does not travel: a stream has no wire form.
#[derive(Debug, Clone)]
pub struct QueryStreamArguments {
    pub connection: String,
    /// A result that holds all of its rows; without one the server is asked.
    pub result: Option<String>,
    /// One statement.
    pub text: String,
    pub parameters: Vec<QueryParameter>,
    pub format: QueryExportFormat,
    /// Of inserts: the table as SQL names it; without it, the one that all columns come from.
    pub table: Option<String>,
}

/// Whether a text can be asked of the server as a stream: one query that is proven to change nothing.
pub async fn query_is_plain(
    session: &Session,
    connection: &str,
    text: &str,
    parameters: &[QueryParameter],
) -> Result<bool> {
    let database = session.database(connection).await?;
    Ok(is_plain_query(&database, text, parameters).await?)
}

/// Starts passing rows on; the job's outcome is how many. A reader that goes away ends the statement on the server.
pub async fn query_stream(
    session: &Session,
    arguments: QueryStreamArguments,
    to: Box<dyn Write + Send>,
) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    let QueryStreamArguments { result, text, parameters, format, table, .. } = arguments;
    let reading = result.map(|result| session.queries().result(&result, None)).transpose()?;
    let request = QueryExportRequest { text, parameters, format, table };
    let (asked, noting, profile) = (database.clone(), session.clone(), database.profile().clone());
    let job = session.start_job(
        "query_stream",
        "Rows to a stream".to_owned(),
        Some(&database),
        |job| async move {
            if let Some(reading) = reading {
                return stream_result(reading, &request, to, &job).await;
            }
            let passed = PassedOn { profile, text: request.text.clone(), to_reader: true };
            noting.pass_on(passed, |rows| *rows, stream_query(&asked, &request, to, &job)).await
        },
    )?;
    Ok(JobStarted { job })
}
