//! The commands, one file a noun. Each reads like a sentence: take the session, call core, answer.
//!
//! A command that has an `if` about PostgreSQL is in the wrong crate: that belongs in core.

mod app;
mod audit;
mod chart;
mod confirm;
mod connection;
mod connection_arrange;
mod connection_duplicate;
mod connection_export;
mod connection_import;
mod connection_save;
mod connection_test;
mod connection_trust;
mod database;
mod demo;
mod job;
mod local;
mod maintenance;
mod migrate;
mod overview;
mod query;
mod query_complete;
mod query_edit;
mod query_explain;
mod query_export;
mod query_files;
mod query_stream;
mod run;
mod schema;

use evaldesk_core::connection::Database;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use app::*;
pub use audit::*;
pub use chart::*;
pub use connection::*;
pub use connection_arrange::*;
pub use connection_duplicate::*;
pub use connection_export::*;
pub use connection_import::*;
pub use connection_save::*;
pub use connection_test::*;
pub use connection_trust::*;
pub use database::*;
pub use demo::*;
pub use job::*;
pub use local::*;
pub use maintenance::*;
pub use migrate::*;
pub use overview::*;
pub use query::*;
pub use query_complete::*;
pub use query_edit::*;
pub use query_explain::*;
pub use query_export::*;
pub use query_files::*;
pub use query_stream::*;
pub use run::*;
pub use schema::*;

use crate::{Result, Session};

/// Everything that a row of the command table names.
pub(crate) mod prelude {
    pub(crate) use evaldesk_core::ErrorKind;
    pub(crate) use evaldesk_core::audit::AuditEntry;
    pub(crate) use evaldesk_core::catalog::{CellValue, RowsPage, TableDetail, TableSummary};
    pub(crate) use evaldesk_core::connection::ConnectionProfile;
    pub(crate) use evaldesk_core::connection::databases::{
        DatabaseCreatePlan, DatabaseDropPlan, ServerDatabase,
    };
    pub(crate) use evaldesk_core::connection::export::DatabaseYml;
    pub(crate) use evaldesk_core::connection::import::{ImportDiscovery, ImportPlan};
    pub(crate) use evaldesk_core::eval::{
        ResultDetail, ResultPage, RunDetail, RunFacets, RunPage, SpanDetail, SpanTree,
    };
    pub(crate) use evaldesk_core::health::IndexSize;
    pub(crate) use evaldesk_core::job::JobRecord;
    pub(crate) use evaldesk_core::maintenance::VacuumPlan;
    pub(crate) use evaldesk_core::migrate::log::LogEntry;
    pub(crate) use evaldesk_core::migrate::{
        AdoptPlan, DriftReport, MigrationLockHolder, MigrationPlan, MigrationSource, MigrationStatus,
        Needed as NeededRepair, NewMigration, RehearsalSummary, RepairPlan, VerifyReport,
    };

    pub(crate) use evaldesk_core::query::draft::{QueryDraft, QueryDraftSaved};
    pub(crate) use evaldesk_core::query::explain::{ExplainReply, ExplainStopped};
    pub(crate) use evaldesk_core::query::history::QueryHistoryEntry;
    pub(crate) use evaldesk_core::query::saved::{QueryFile, QueryFileText};
    pub(crate) use evaldesk_core::query::{
        QueryCellPart, QueryCompletion, QueryEditApplied, QueryEditPlan, QueryPiece, QueryPlace, QueryRows,
        QueryRunReply, QuerySettings, QueryState, QueryView,
    };
    pub(crate) use evaldesk_core::server::local::UpgradePlan;
    pub(crate) use evaldesk_core::sql::format::Formatted;

    pub(crate) use crate::SessionEvent;
    pub(crate) use crate::commands::*;
}

/// For commands that need nothing.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct NoArguments {}

/// For commands that answer nothing but that it is done.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct Done {}

/// For commands about one connection.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionArguments {
    /// The id, or the name, of a saved connection.
    pub connection: String,
}

impl ConnectionArguments {
    async fn open(&self, session: &Session) -> Result<Database> {
        session.database(&self.connection).await
    }
}
