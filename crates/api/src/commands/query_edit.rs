//! Editing the cells of a result.

use evaldesk_core::connection::Database;
use evaldesk_core::query::{QueryConsent, QueryEdit, QueryEditApplied, QueryEditPlan};
use evaldesk_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// Edits of a result, staged.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryEditPlanArguments {
    pub tab: String,
    pub result: String,
    pub edits: Vec<QueryEdit>,
}

/// Edits of a result, with the answer to their plan.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryEditApplyArguments {
    pub tab: String,
    pub result: String,
    pub edits: Vec<QueryEdit>,
    pub consent: QueryConsent,
}

/// Writes staged edits as SQL; nothing is changed.
pub async fn query_edit_plan(session: &Session, arguments: QueryEditPlanArguments) -> Result<QueryEditPlan> {
    let QueryEditPlanArguments { tab, result, edits } = arguments;
    let database = database_of(session, &tab).await?;
    Ok(session.queries().edit_plan(&database, &result, &edits).await?)
}

/// Applies staged edits in one transaction: each changes one row, or nothing is changed.
pub async fn query_edit_apply(
    session: &Session,
    arguments: QueryEditApplyArguments,
) -> Result<QueryEditApplied> {
    let QueryEditApplyArguments { tab, result, edits, consent } = arguments;
    let database = database_of(session, &tab).await?;
    Ok(session.queries().edit_apply(&database, &result, &edits, &consent).await?)
}

async fn database_of(session: &Session, tab: &str) -> Result<Database> {
    let connection = session.query_tab(tab).state().connection;
    if connection.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, "the tab has run nothing yet")
            .hint("Run a statement whose rows are to be edited.")
            .into());
    }
    session.database(&connection).await
}
