//! The options that a server knows, and what to ask of them.
//!
//! BUFFERS without ANALYZE is of 13 (it tells of planning), WAL of 13, GENERIC_PLAN of 16; SETTINGS is of 12.

use crate::sql::SafeSql;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) major: i32,
    pub(super) analyze: bool,
    pub(super) buffers: bool,
    /// Of a statement whose parameters have no values.
    pub(super) generic: bool,
}

impl Options {
    /// `explain (...) `, ready for a statement.
    pub(super) fn to_sql(self) -> SafeSql {
        let mut sql = SafeSql::new("explain (format json, verbose, settings");
        if self.analyze {
            sql = sql.push(", analyze");
        }
        if self.buffers && (self.analyze || self.major >= 13) {
            sql = sql.push(", buffers");
        } else if self.analyze && self.major >= 18 {
            // From 18 on ANALYZE counts them unless told not to.
            sql = sql.push(", buffers off");
        }
        if self.analyze && self.major >= 13 {
            sql = sql.push(", wal");
        }
        if self.generic && self.major >= 16 {
            sql = sql.push(", generic_plan");
        }
        sql.push(") ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(major: i32, analyze: bool, generic: bool, expected: &str) {
        let options = Options { major, analyze, buffers: true, generic };
        assert_eq!(options.to_sql().as_str(), expected);
    }

    #[test]
    fn a_server_is_asked_for_what_it_knows() {
        check(12, false, false, "explain (format json, verbose, settings) ");
        check(12, true, false, "explain (format json, verbose, settings, analyze, buffers) ");
        check(15, true, false, "explain (format json, verbose, settings, analyze, buffers, wal) ");
        check(16, false, true, "explain (format json, verbose, settings, buffers, generic_plan) ");
    }
}
