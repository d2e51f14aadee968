//! The audit log.

use chrono::{DateTime, Duration, Utc};
use evaldesk_core::ErrorKind;
use evaldesk_core::audit::AuditEntry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ErrorReport, Result, Session};

/// From when on.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditListArguments {
    /// UTC, ISO 8601; absent means the last 30 days.
    pub since: Option<String>,
}

/// Reads entries of the log, oldest first.
pub async fn audit_list(session: &Session, arguments: AuditListArguments) -> Result<Vec<AuditEntry>> {
    let since = match arguments.since {
        Some(text) => parse(&text)?,
        None => session.clock().now() - Duration::days(30),
    };
    Ok(session.audit().since(since)?)
}

fn parse(text: &str) -> Result<DateTime<Utc>> {
    let whole = DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc());
    let day = || text.parse::<chrono::NaiveDate>().map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
    whole.or_else(|_| day()).map_err(|_| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("{text} is no moment"))
            .hint("Write it as 2026-11-22 or 2026-11-22T14:31:00Z.")
    })
}
