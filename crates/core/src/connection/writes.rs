//! What SQL and edits of the grid may change on a connection. Planned jobs (a migration, maintenance) do not ask here:
//! they look at `read_only` alone, and at the name that is typed for them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ConnectionProfile, Environment};

/// How much SQL that writes is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WriteMode {
    /// What is not proven a read is refused.
    ReadOnly,
    /// Each write asks first.
    Confirm,
    /// Only what kills data asks first.
    Free,
}

impl Environment {
    /// The mode of a connection whose owner has chosen none.
    pub fn write_mode(self) -> WriteMode {
        match self {
            Self::Production => WriteMode::ReadOnly,
            Self::Staging => WriteMode::Confirm,
            Self::Development | Self::Test | Self::Other => WriteMode::Free,
        }
    }
}

impl ConnectionProfile {
    /// The mode that counts: a connection marked read-only is read-only, else the owner's choice, else the
    /// environment's.
    pub fn write_mode(&self) -> WriteMode {
        match self.read_only {
            true => WriteMode::ReadOnly,
            false => self.writes.unwrap_or_else(|| self.environment.write_mode()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(environment: Environment, read_only: bool, writes: Option<WriteMode>) -> ConnectionProfile {
        let plain = ConnectionProfile::new("a", "localhost", 5432, "d", "u");
        ConnectionProfile { environment, read_only, writes, ..plain }
    }

    #[test]
    fn without_a_choice_the_environment_decides_and_a_mark_outweighs_all() {
        use Environment::{Development, Production, Staging};
        for (environment, read_only, writes, expected) in [
            (Production, false, None, WriteMode::ReadOnly),
            (Staging, false, None, WriteMode::Confirm),
            (Development, false, None, WriteMode::Free),
            (Production, false, Some(WriteMode::Confirm), WriteMode::Confirm),
            (Development, false, Some(WriteMode::ReadOnly), WriteMode::ReadOnly),
            (Development, true, Some(WriteMode::Free), WriteMode::ReadOnly),
        ] {
            assert_eq!(profile(environment, read_only, writes).write_mode(), expected);
        }
    }

    #[test]
    fn a_choice_survives_being_written_and_read() {
        for writes in [None, Some(WriteMode::ReadOnly), Some(WriteMode::Confirm), Some(WriteMode::Free)] {
            let saved = profile(Environment::Production, false, writes);
            let text = serde_json::to_string(&saved).unwrap();
            assert_eq!(serde_json::from_str::<ConnectionProfile>(&text).unwrap(), saved);
        }
    }
}
