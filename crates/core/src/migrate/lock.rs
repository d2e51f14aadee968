//! The two advisory locks of a migrating session: Rails' own, so that rake waits for us and we for it, and ours.
//!
//! They are tried, never waited for: a session that waits inside `pg_advisory_lock` holds a transaction open, and
//! that blocks `create index concurrently` elsewhere for ever.

use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::{Instant, sleep};

use crate::job::JobContext;
use crate::{Error, ErrorKind, Result};

/// How long to try.
const PATIENCE: Duration = Duration::from_secs(3);
const BETWEEN_TRIES: Duration = Duration::from_millis(150);

/// Rails' `MIGRATOR_SALT`.
const RAILS_SALT: i64 = 2_053_462_845;
/// Ours, of no meaning but to differ.
const OUR_SALT: i64 = 1_163_286_860;

#[derive(sqlx::FromRow)]
struct Holder {
    pid: i32,
    user_name: Option<String>,
    application: Option<String>,
    since: Option<String>,
}

/// The keys that a migrating session of a database holds: Rails' first.
fn keys(database: &str) -> [i64; 2] {
    let sum = i64::from(crc32(database.as_bytes()));
    [RAILS_SALT * sum, OUR_SALT * sum]
}

/// Takes both locks on this session, or says who has one.
pub(super) async fn acquire(session: &mut PgConnection, job: &JobContext) -> Result<()> {
    let database: String = sqlx::query_scalar("select current_database()").fetch_one(&mut *session).await?;
    let until = Instant::now() + PATIENCE;
    for key in keys(&database) {
        while !try_lock(session, key).await? {
            job.check()?;
            if Instant::now() >= until {
                return Err(held(session, key, &database).await?);
            }
            sleep(BETWEEN_TRIES).await;
        }
    }
    Ok(())
}

/// Gives both back. A session that ends gives them back too: this is for pools in between.
pub(super) async fn release(session: &mut PgConnection) -> Result<()> {
    sqlx::query("select pg_advisory_unlock_all()").execute(session).await?;
    Ok(())
}

async fn try_lock(session: &mut PgConnection, key: i64) -> Result<bool> {
    Ok(sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(key).fetch_one(session).await?)
}

async fn held(session: &mut PgConnection, key: i64, database: &str) -> Result<Error> {
    let holder: Option<Holder> =
        sqlx::query_as(include_str!("lock_holder.sql")).bind(key).fetch_optional(session).await?;
    let who = holder.map_or_else(|| "a session that has just ended".to_owned(), |holder| holder.describe());
    Ok(Error::new(
        ErrorKind::Refused,
        format!("{database} is being migrated already: {who} holds the migration lock"),
    )
    .hint("Wait for it to end and try again. Nothing was changed."))
}

impl Holder {
    fn describe(&self) -> String {
        let named =
            |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
        let user = named(&self.user_name).unwrap_or_else(|| "a user we may not see".to_owned());
        let application = named(&self.application).map_or(String::new(), |name| format!(", {name}"));
        let since = named(&self.since).map_or(String::new(), |since| format!(", connected since {since}"));
        format!("pid {} ({user}{application}{since})", self.pid)
    }
}

/// CRC-32 as zlib counts it, which is what Rails multiplies.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_zlibs() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn the_keys_differ_and_never_overflow() {
        let [rails, ours] = keys("raaf_eval_production");
        assert_ne!(rails, ours);
        assert!(RAILS_SALT.checked_mul(i64::from(u32::MAX)).is_some());
    }
}
