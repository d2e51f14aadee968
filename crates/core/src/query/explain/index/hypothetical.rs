//! An index that only the planner of this session sees.

use sqlx::{PgConnection, Row as _};

use super::Candidate;
use crate::sql::SafeSql;
use crate::{Ident, Result};

/// An index of HypoPG's.
pub(super) struct Hypothetical {
    /// As plans call it: "<13543>btree_t_a".
    pub(super) name: String,
    pub(super) bytes: Option<u64>,
}

impl Hypothetical {
    /// Makes it. `schema` is the extension's.
    pub(super) async fn make(
        session: &mut PgConnection,
        schema: &str,
        candidate: &Candidate,
    ) -> Result<Self> {
        let schema = Ident::new(schema);
        let sql = SafeSql::new("select indexname::text, ")
            .ident(&schema)
            .push(".hypopg_relation_size(indexrelid) from ")
            .ident(&schema)
            .push(".hypopg_create_index($1)");
        let made = sqlx::query(sql.to_query()).persistent(false).bind(candidate.sql(false));
        let row = made.fetch_one(session).await?;
        let bytes: Option<i64> = row.try_get(1)?;
        Ok(Self { name: row.try_get(0)?, bytes: bytes.and_then(|bytes| u64::try_from(bytes).ok()) })
    }

    /// Takes all of them away.
    pub(super) async fn forget(&self, session: &mut PgConnection, schema: &str) -> Result<()> {
        let sql = SafeSql::new("select ").ident(&Ident::new(schema)).push(".hypopg_reset()");
        sqlx::raw_sql(sql.to_query()).execute(session).await?;
        Ok(())
    }
}
