//! Which database a log file belongs to: the cluster's own number and the database's, so that a renamed host, another
//! address or a promoted replica still finds it.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::Result;

/// The name of the file, without its ending.
pub(in crate::migrate) async fn identity(session: &mut PgConnection) -> Result<String> {
    let may: bool = sqlx::query_scalar("select has_function_privilege('pg_control_system()', 'execute')")
        .fetch_one(&mut *session)
        .await?;
    if may {
        return Ok(sqlx::query_scalar(include_str!("identity.sql")).fetch_one(session).await?);
    }
    let address: String = sqlx::query_scalar(include_str!("address.sql")).fetch_one(session).await?;
    let sum = Sha256::digest(address.as_bytes());
    Ok(sum.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}
