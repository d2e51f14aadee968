//! Which schemas a snapshot is of, and which of them is home.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::Result;
use crate::ident::Ident;

/// The schemas to read. System schemas and our own are never among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotScope {
    /// Where unqualified names are made: its objects go without a schema.
    pub home: String,
    /// Every schema to read, the home one included.
    pub schemas: Vec<String>,
    /// What names are looked up in while the server prints definitions, home first.
    pub search_path: Vec<String>,
}

impl SnapshotScope {
    /// The schemas on the session's search path.
    pub async fn of_session(session: &mut PgConnection) -> Result<Self> {
        let path: Vec<String> =
            sqlx::query_scalar("select current_schemas(false)::text[]").fetch_one(session).await?;
        let path: Vec<String> = path.into_iter().filter(|schema| is_theirs(schema)).collect();
        let home = path.first().cloned().unwrap_or_else(|| "public".to_owned());
        Ok(Self { home, schemas: path.clone(), search_path: path })
    }

    /// Every schema of the database, with the session's first one as home.
    pub async fn of_database(session: &mut PgConnection) -> Result<Self> {
        let all: Vec<String> = sqlx::query_scalar("select nspname::text from pg_namespace order by 1")
            .fetch_all(&mut *session)
            .await?;
        Ok(Self::of_session(session).await?.with(all))
    }

    /// One schema that is home and alone: a scratch schema.
    pub fn alone(schema: impl Into<String>) -> Self {
        let home = schema.into();
        Self { schemas: vec![home.clone()], search_path: vec![home.clone()], home }
    }

    /// These schemas too.
    #[must_use]
    pub fn with(mut self, schemas: impl IntoIterator<Item = String>) -> Self {
        for schema in schemas {
            if is_theirs(&schema) && !self.schemas.contains(&schema) {
                self.schemas.push(schema);
            }
        }
        self
    }

    /// The search path as a setting.
    pub(super) fn path_setting(&self) -> String {
        let quoted: Vec<_> = self.search_path.iter().map(|schema| Ident::new(schema).to_string()).collect();
        quoted.join(", ")
    }
}

fn is_theirs(schema: &str) -> bool {
    !schema.starts_with("pg_") && !["information_schema", "evaldesk"].contains(&schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_schemas_and_our_own_stay_out() {
        let more = ["pg_toast", "app", "evaldesk", "information_schema", "public"].map(str::to_owned);
        let scope = SnapshotScope::alone("public").with(more);
        assert_eq!(scope.schemas, ["public", "app"]);
        assert_eq!(scope.path_setting(), "\"public\"");
    }
}
