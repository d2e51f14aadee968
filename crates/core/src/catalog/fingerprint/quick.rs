//! Whether anything changed, in one query.

use sqlx::PgConnection;

use crate::{Error, Result};

/// One hash over the whole schema, names included, as SHA-256 in hex: for "before" and "after" of a migration. It
/// says that something changed and not what, and holds for one session's search path and one server only; what is
/// comparable between databases is `SchemaSnapshot::fingerprint`.
pub async fn quick_fingerprint(session: &mut PgConnection) -> Result<String> {
    let read = sqlx::query_scalar(include_str!("quick.sql")).fetch_one(session).await;
    read.map_err(|error| Error::from(error).while_doing("cannot read the schema for its fingerprint"))
}
