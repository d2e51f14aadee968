//! The eight lock modes of a table, which of them conflict, and what that means for those who only read or write.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A table-level lock mode. The order is the server's own, from the weakest: a statement that takes several on one
/// relation is judged by the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    /// What a plain read takes.
    AccessShare,
    /// `select ... for update` and its kin, and the tables that a foreign key's check looks into.
    RowShare,
    /// What a write takes.
    RowExclusive,
    /// Vacuum, analyze, and what is built concurrently.
    ShareUpdateExclusive,
    /// A plain `create index`.
    Share,
    /// A trigger or a foreign key that is added.
    ShareRowExclusive,
    /// A concurrent refresh of a materialized view.
    Exclusive,
    /// Most forms of `alter table`, `drop`, `truncate`, and every rewrite.
    AccessExclusive,
}

impl LockMode {
    /// Every mode, the weakest first.
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// Whether two sessions cannot hold the two on one relation at once.
    pub fn conflicts_with(self, other: Self) -> bool {
        self.conflicts().contains(&other)
    }

    /// Whether a plain `select` has to wait.
    pub fn blocks_reads(self) -> bool {
        self.conflicts_with(Self::AccessShare)
    }

    /// Whether an `insert`, `update` or `delete` has to wait.
    pub fn blocks_writes(self) -> bool {
        self.conflicts_with(Self::RowExclusive)
    }

    /// The name as SQL and the manual spell it: "SHARE ROW EXCLUSIVE".
    pub fn sql(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// The name as `pg_locks.mode` has it: "ShareRowExclusiveLock".
    pub fn catalog(self) -> &'static str {
        match self {
            Self::AccessShare => "AccessShareLock",
            Self::RowShare => "RowShareLock",
            Self::RowExclusive => "RowExclusiveLock",
            Self::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            Self::Share => "ShareLock",
            Self::ShareRowExclusive => "ShareRowExclusiveLock",
            Self::Exclusive => "ExclusiveLock",
            Self::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// Reads either spelling; `None` for a mode that is not a table's.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.catalog() == name || mode.sql().eq_ignore_ascii_case(name))
    }

    /// Who waits while somebody holds it, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::AccessShare | Self::RowShare => "reads and writes go on; only a drop or a rewrite waits",
            Self::RowExclusive => "reads and writes go on; what changes the schema waits",
            Self::ShareUpdateExclusive => "reads and writes go on; schema changes and vacuum wait",
            Self::Share | Self::ShareRowExclusive => "reads go on; every write waits",
            Self::Exclusive => "reads go on; writes and select for update wait",
            Self::AccessExclusive => "reads and writes wait",
        }
    }

    /// The conflicts, after the table in the manual's "Explicit Locking". Each list runs to the strongest mode.
    fn conflicts(self) -> &'static [Self] {
        const ALL: &[LockMode] = &LockMode::ALL;
        const WITHOUT_SELF: &[LockMode] = &[
            LockMode::RowExclusive,
            LockMode::ShareUpdateExclusive,
            LockMode::ShareRowExclusive,
            LockMode::Exclusive,
            LockMode::AccessExclusive,
        ];
        match self {
            Self::AccessShare => &ALL[7..],
            Self::RowShare => &ALL[6..],
            Self::RowExclusive => &ALL[4..],
            Self::ShareUpdateExclusive => &ALL[3..],
            // The one gap: two builds of an index go side by side.
            Self::Share => WITHOUT_SELF,
            Self::ShareRowExclusive => &ALL[2..],
            Self::Exclusive => &ALL[1..],
            Self::AccessExclusive => ALL,
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sql())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_one_from_either_side() {
        for one in LockMode::ALL {
            for other in LockMode::ALL {
                assert_eq!(one.conflicts_with(other), other.conflicts_with(one), "{one} and {other}");
            }
        }
    }

    #[test]
    fn a_mode_conflicts_with_itself_from_share_update_exclusive_on_except_share() {
        let own: Vec<_> = LockMode::ALL.into_iter().filter(|mode| mode.conflicts_with(*mode)).collect();
        use LockMode::*;
        assert_eq!(own, [ShareUpdateExclusive, ShareRowExclusive, Exclusive, AccessExclusive]);
    }

    #[test]
    fn only_the_strongest_stops_a_read_and_four_stop_a_write() {
        let stop =
            |test: fn(LockMode) -> bool| LockMode::ALL.into_iter().filter(move |mode| test(*mode)).count();
        assert_eq!((stop(LockMode::blocks_reads), stop(LockMode::blocks_writes)), (1, 4));
    }

    #[test]
    fn both_spellings_are_read_back() {
        for mode in LockMode::ALL {
            assert_eq!(LockMode::parse(mode.catalog()), Some(mode));
            assert_eq!(LockMode::parse(&mode.sql().to_lowercase()), Some(mode));
        }
        assert_eq!(LockMode::parse("SIReadLock"), None);
    }
}
