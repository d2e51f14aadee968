//! The shape of what stands in place of `schema_migrations`, and so whose it is.

use sqlx::PgConnection;

use super::LedgerKind;
use crate::Result;

/// What the catalog says.
#[derive(sqlx::FromRow)]
pub(super) struct Shape {
    pub(super) schema: Option<String>,
    pub(super) home: Option<String>,
    has_text_version: bool,
    has_dbmates_length: bool,
    pub(super) columns: Vec<String>,
    pub(super) rails_schema: Option<String>,
    pub(super) sqlx_schema: Option<String>,
}

impl Shape {
    pub(super) async fn read(session: &mut PgConnection) -> Result<Self> {
        Ok(sqlx::query_as(include_str!("shape.sql")).fetch_one(session).await?)
    }

    /// Whose it is.
    pub(super) fn kind(&self) -> LedgerKind {
        match (&self.schema, self.has_text_version, self.rails_schema.is_some()) {
            (None, _, _) => LedgerKind::Missing,
            (Some(_), true, true) => LedgerKind::Rails,
            (Some(_), true, false) if self.columns.len() > 1 => LedgerKind::Foreign,
            (Some(_), true, false) if self.has_dbmates_length => LedgerKind::Dbmate,
            (Some(_), true, false) => LedgerKind::Evaldesk,
            (Some(_), false, _) => LedgerKind::Foreign,
        }
    }
}
