//! Which PostgreSQL a server is, and whether the project behind it still maintains that major.
//!
//! Two questions that must stay apart: what *we* work with (12 and up, else refused) and what *upstream* still
//! repairs. The second depends on the day, which the caller passes in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use crate::{Error, ErrorKind, Result};

/// The oldest major that we work with.
pub const OLDEST_MAJOR: i32 = 12;

/// The days on which upstream's support of a major ended or will end.
const LAST_DAYS: [(i32, (i32, u32, u32)); 7] = [
    (12, (2024, 11, 21)),
    (13, (2025, 11, 13)),
    (14, (2026, 11, 12)),
    (15, (2027, 11, 11)),
    (16, (2028, 11, 9)),
    (17, (2029, 11, 8)),
    (18, (2030, 11, 14)),
];

/// The newest minor of each major that this program knows of, as of November 2026; the last of those that have ended
/// (<https://www.postgresql.org/support/versioning/>).
const NEWEST_MINORS: [(i32, i32); 7] = [(12, 22), (13, 23), (14, 25), (15, 20), (16, 16), (17, 12), (18, 7)];

/// A server's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerVersion {
    /// `server_version_num`: 170010 for 17.10.
    pub number: i32,
    /// As the server says it: "17.10", "15.20 (Debian 15.20-0+deb12u1)", "19devel".
    pub text: String,
    /// 17
    pub major: i32,
}

/// What upstream says about a major, as of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Support {
    /// Repaired until that day.
    Maintained {
        #[ts(type = "string")]
        until: NaiveDate,
    },
    /// Repaired until that day, which is near.
    EndsSoon {
        #[ts(type = "string")]
        until: NaiveDate,
    },
    /// No longer repaired since that day.
    Ended {
        #[ts(type = "string")]
        since: NaiveDate,
    },
    /// Newer than this program knows, or far older.
    Unknown,
}

impl ServerVersion {
    /// Takes what the server says of itself.
    pub fn new(number: i32, text: impl Into<String>) -> Self {
        Self { number, text: text.into(), major: number / 10_000 }
    }

    /// Asks the server behind a session.
    ///
    /// # Errors
    /// What the server says.
    pub async fn read(session: &mut PgConnection) -> Result<Self> {
        let (number, text): (i32, String) = sqlx::query_as(include_str!("version.sql"))
            .fetch_one(session)
            .await
            .map_err(|error| Error::from(error).while_doing("cannot ask for the server's version"))?;
        Ok(Self::new(number, text))
    }

    /// The newest minor that is known, where this one is older: "17.12". Nothing is asked of the network.
    pub fn newer_minor(&self) -> Option<String> {
        let (major, newest) = NEWEST_MINORS.into_iter().find(|(major, _)| *major == self.major)?;
        // A version in the making counts no minors.
        let minor = self.number % 10_000;
        (minor > 0 && minor < newest).then(|| format!("{major}.{newest}"))
    }

    /// Refuses what is older than we work with.
    ///
    /// # Errors
    /// `ServerTooOld` below 12.
    pub fn require_supported(&self) -> Result<()> {
        if self.major >= OLDEST_MAJOR {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::ServerTooOld,
            format!("the server is PostgreSQL {}, and Evaldesk needs {OLDEST_MAJOR} or newer", self.text),
        )
        .hint("Upgrade the server (pg_upgrade, or dump and restore), then connect again."))
    }

    /// What upstream says about this major on a day.
    pub fn support(&self, today: NaiveDate) -> Support {
        match last_day(self.major) {
            None => Support::Unknown,
            Some(day) if day < today => Support::Ended { since: day },
            Some(day) if (day - today).num_days() <= 183 => Support::EndsSoon { until: day },
            Some(day) => Support::Maintained { until: day },
        }
    }

    /// A sentence for the user when the major is not, or not for long, maintained.
    pub fn notice(&self, today: NaiveDate) -> Option<String> {
        let major = self.major;
        match self.support(today) {
            Support::Ended { since } => Some(format!(
                "PostgreSQL {major} has had no security repairs since {since}: plan an upgrade to a maintained major."
            )),
            Support::EndsSoon { until } => {
                Some(format!("PostgreSQL {major} gets its last repairs on {until}: plan an upgrade."))
            }
            Support::Unknown if major > OLDEST_MAJOR => {
                Some(format!("PostgreSQL {major} is newer than this version of Evaldesk knows."))
            }
            Support::Unknown | Support::Maintained { .. } => None,
        }
    }
}

impl std::fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn last_day(major: i32) -> Option<NaiveDate> {
    let (_, (year, month, day)) = LAST_DAYS.into_iter().find(|(of, _)| *of == major)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn below_twelve_is_refused_by_name() {
        let error = ServerVersion::new(110_022, "11.22").require_supported().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ServerTooOld);
        assert!(error.message().contains("11.22"));
        assert!(ServerVersion::new(120_022, "12.22").require_supported().is_ok());
    }

    #[test]
    fn a_minor_that_is_behind_is_told_the_newest_one() {
        assert_eq!(ServerVersion::new(170_010, "17.10").newer_minor().as_deref(), Some("17.12"));
        for current in [(170_012, "17.12"), (170_013, "17.13"), (190_000, "19devel"), (200_001, "20.1")] {
            assert_eq!(ServerVersion::new(current.0, current.1).newer_minor(), None, "{}", current.1);
        }
    }

    #[test]
    fn support_depends_on_the_day() {
        let fourteen = ServerVersion::new(140_023, "14.23");
        assert!(matches!(fourteen.support(day("2025-11-01")), Support::Maintained { .. }));
        assert!(matches!(fourteen.support(day("2026-11-12")), Support::EndsSoon { .. }));
        assert!(matches!(fourteen.support(day("2026-11-13")), Support::Ended { .. }));
        assert!(ServerVersion::new(120_022, "12.22").notice(day("2026-11-13")).is_some());
        assert!(ServerVersion::new(170_010, "17.10").notice(day("2026-11-13")).is_none());
        assert!(ServerVersion::new(190_000, "19devel").notice(day("2026-11-13")).is_some());
    }
}
