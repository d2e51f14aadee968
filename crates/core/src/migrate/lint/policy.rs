//! Which rules there are and how they weigh: the one table of squawk's that we take and leave, and of ours.

use serde::{Deserialize, Serialize};
use squawk_linter::Rule;
use ts_rs::TS;

use super::finding::{LintLevel, LintSource};

use LintLevel::{Advice, Error, Warning};
use Use::{Always, UpOnly};

/// When a rule of the library speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Always,
    /// Not of a file that takes a version back: what it drops is its purpose, and the plan shows every row that dies.
    UpOnly,
}

/// A rule of the library that we take.
pub(super) struct Taken {
    pub(super) rule: Rule,
    pub(super) level: LintLevel,
    pub(super) when: Use,
    /// What we add to the library's own words.
    pub(super) why: &'static str,
}

const fn take(rule: Rule, level: LintLevel, when: Use, why: &'static str) -> Taken {
    Taken { rule, level, when, why }
}

/// What of squawk is taken.
pub(super) const POLICY: &[Taken] = &[
    take(
        Rule::RequireConcurrentIndexCreation,
        Warning,
        Always,
        "A no-transaction file may build it concurrently.",
    ),
    take(
        Rule::RequireConcurrentIndexDeletion,
        Warning,
        Always,
        "A no-transaction file may drop it concurrently.",
    ),
    take(
        Rule::RequireConcurrentReindex,
        Warning,
        Always,
        "A plain reindex stops every write, and reads that the index could serve.",
    ),
    take(Rule::RequireConcurrentPartitionDetach, Warning, Always, ""),
    take(
        Rule::ConstraintMissingNotValid,
        Warning,
        Always,
        "Every row is checked while reads and writes wait.",
    ),
    take(
        Rule::AddingForeignKeyConstraint,
        Warning,
        Always,
        "Both tables take no writes while every row is checked.",
    ),
    take(
        Rule::AddingFieldWithDefault,
        Warning,
        Always,
        "The table is written anew while reads and writes wait.",
    ),
    take(Rule::AddingNotNullableField, Warning, Always, "Every row is checked while reads and writes wait."),
    take(Rule::AddingRequiredField, Warning, Always, "It fails as soon as the table has a row."),
    take(
        Rule::AddingSerialPrimaryKeyField,
        Warning,
        Always,
        "The index is built while reads and writes wait.",
    ),
    take(
        Rule::DisallowedUniqueConstraint,
        Warning,
        Always,
        "The index is built while reads and writes wait.",
    ),
    take(
        Rule::ChangingColumnType,
        Warning,
        Always,
        "Only a wider limit of the same type leaves the rows alone; the plan knows the type that the column has.",
    ),
    take(Rule::RenamingColumn, Warning, Always, "Whoever still says the old name fails from this moment on."),
    take(
        Rule::RenamingTable,
        Warning,
        Always,
        "Whoever still says the old name fails from this moment on. Its indexes and sequences keep their old names.",
    ),
    take(Rule::RenamingObject, Warning, Always, ""),
    take(
        Rule::BanConcurrentIndexCreationInTransaction,
        Error,
        Always,
        "Write -- evaldesk: no-transaction at the head of the file.",
    ),
    take(Rule::BanDropDatabase, Error, Always, ""),
    take(Rule::BanTruncateCascade, Warning, Always, ""),
    take(Rule::BanDropTable, Warning, UpOnly, "The rows are gone for good; the plan counts them."),
    take(Rule::BanDropColumn, Warning, UpOnly, "The values are gone for good."),
    take(Rule::BanDropNotNull, Advice, UpOnly, ""),
    take(Rule::BanDropConstraint, Warning, UpOnly, ""),
    take(Rule::BanDropDefault, Warning, UpOnly, ""),
    take(Rule::BanDropDomain, Warning, UpOnly, ""),
    take(Rule::BanDropExtension, Warning, UpOnly, ""),
    take(Rule::BanDropFunction, Warning, UpOnly, ""),
    take(Rule::BanDropGeneratedExpression, Warning, UpOnly, ""),
    take(Rule::BanDropSchema, Warning, UpOnly, ""),
    take(Rule::BanDropSequence, Warning, UpOnly, ""),
    take(Rule::BanDropType, Warning, UpOnly, ""),
    take(Rule::BanDropView, Warning, UpOnly, ""),
    take(Rule::BanSetSchema, Warning, Always, ""),
    take(Rule::BanAlterIdentity, Warning, Always, ""),
    take(Rule::BanCreateDomainWithConstraint, Advice, Always, ""),
    take(Rule::BanAlterDomainWithAddConstraint, Warning, Always, ""),
    take(Rule::BanDuplicateColumnAssignments, Error, Always, ""),
    take(Rule::RequireEnumValueOrdering, Advice, Always, ""),
    take(Rule::IdentifierTooLong, Warning, Always, ""),
    take(Rule::PreferRepack, Warning, Always, ""),
    take(Rule::BanCharField, Advice, Always, ""),
    take(Rule::PreferTextField, Advice, Always, ""),
    take(Rule::PreferBigintOverInt, Advice, Always, ""),
    take(Rule::PreferBigintOverSmallint, Advice, Always, ""),
    take(Rule::PreferIdentity, Advice, Always, ""),
    take(
        Rule::PreferTimestampTz,
        Advice,
        Always,
        "Compared with now() or bounded by a date, the result depends on the session's time zone.",
    ),
];

/// What of squawk's default rules is left, and why.
pub(super) const LEFT: &[(Rule, &str)] = &[
    (Rule::RequireLockTimeout, "the runner sets lock_timeout for every statement itself, and tries again"),
    (
        Rule::RequireStatementTimeout,
        "building an index may take hours, and only waiting for a lock may not: the runner sets lock_timeout itself, and a cancel reaches the server",
    ),
    (
        Rule::PreferRobustStmts,
        "a file that broke off is resumed at its statement; \"if not exists\" would hide a half of it, see build-skips-invalid-index",
    ),
    (
        Rule::TransactionNesting,
        "a file that controls its own transaction is refused, see controls-transaction",
    ),
    (
        Rule::BanUncommittedTransaction,
        "a file that controls its own transaction is refused, see controls-transaction",
    ),
    (Rule::UnusedIgnore, "its comments are read together with ours, see accept-without-finding"),
];

/// Our own rules: name, level, what each is about.
pub(super) const OWN: &[(&str, LintLevel, &str)] = &[
    (
        "unreadable-file",
        Error,
        "what is no SQL at all: psql's commands, rows after copy, a quote that never ends",
    ),
    ("syntax-error", Error, "what the parser does not understand; the server has the last word"),
    ("controls-transaction", Error, "begin, commit and their kin: the runner opens and closes transactions"),
    (
        "needs-no-transaction",
        Error,
        "a statement that the server refuses in a transaction, in a file that runs in one",
    ),
    ("needless-no-transaction", Advice, "a no-transaction file whose statements could all run in one"),
    ("new-enum-value-used", Error, "an enum's value that is used in the transaction that adds it"),
    (
        "lock-held-long",
        Warning,
        "reading or writing many rows after a lock that others wait for, in one transaction",
    ),
    ("vacuum-full", Warning, "vacuum full: the table is written anew while reads and writes wait"),
    ("vacuum-by-hand", Advice, "a plain vacuum in a migration: autovacuum's work"),
    ("table-rewrite", Warning, "a table that is written anew while reads and writes wait"),
    ("scan-under-lock", Warning, "every row is read while writes wait"),
    ("large-index-build", Error, "an index on a large table that is built while every write waits"),
    (
        "build-skips-invalid-index",
        Advice,
        "if not exists skips an index of the name even when it is invalid or another",
    ),
    ("concurrently-on-partitioned", Warning, "an index that is built concurrently on a partitioned table"),
    ("redundant-index", Warning, "an index whose columns another one begins with"),
    ("foreign-key-without-index", Warning, "a foreign key whose columns no index begins with"),
    ("gin-operator-class", Advice, "a gin index on jsonb with the larger of the two operator classes"),
    ("not-valid-on-partitioned", Error, "a foreign key not valid on a partitioned table, before 18"),
    ("write-without-where", Warning, "update or delete of every row"),
    ("unbatched-write", Warning, "update or delete of many rows of a large table in one statement"),
    ("truncate", Warning, "truncate: every row is gone, and reads and writes wait"),
    ("insert-by-position", Warning, "insert ... select * without a list of columns"),
    ("drop-cascade", Warning, "cascade drops what the file does not name"),
    ("json-instead-of-jsonb", Advice, "a column of type json"),
    ("uuid-extension-needless", Advice, "uuid-ossp, where the server makes uuids by itself"),
    (
        "sequence-starts-again",
        Warning,
        "a serial column of a table that replaces a renamed one: its sequence starts at 1",
    ),
    (
        "partitions-without-default",
        Warning,
        "rows are copied into a partitioned table that has no default partition",
    ),
    ("server-setting", Warning, "alter system and its kin: a setting of the whole server in a migration"),
    ("setting-has-no-effect", Advice, "a setting that is the server's default already"),
    ("setting-needs-restart", Warning, "a setting that takes effect only when the server starts again"),
    ("session-setting-stays", Advice, "set without local: it holds for the migrations after this one too"),
    ("secret-in-file", Error, "a password in a migration: files and logs are read by many"),
    ("accept-without-reason", Warning, "an accepted finding without a reason"),
    ("accept-without-finding", Advice, "an accepted finding that is none"),
];

/// A rule, for showing all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintRule {
    pub name: String,
    pub source: LintSource,
    /// `None` for a rule of the library that is left out.
    pub level: Option<LintLevel>,
    /// What it is about, or why it is left out. The library says of its own rules what they are about where they speak.
    pub about: String,
}

/// Every rule that there is, ours first. Rules of squawk that are off there unless asked for are off here too.
pub fn lint_rules() -> Vec<LintRule> {
    let own = OWN.iter().map(|(name, level, about)| rule(name, LintSource::Evaldesk, Some(*level), about));
    let taken = POLICY
        .iter()
        .map(|taken| rule(&taken.rule.to_string(), LintSource::Squawk, Some(taken.level), taken.why));
    let left = LEFT.iter().map(|(left, why)| rule(&left.to_string(), LintSource::Squawk, None, why));
    own.chain(taken).chain(left).collect()
}

fn rule(name: &str, source: LintSource, level: Option<LintLevel>, about: &str) -> LintRule {
    LintRule { name: name.to_owned(), source, level, about: about.to_owned() }
}

/// How a rule of the library is used; `None` where it is not.
pub(super) fn of(rule: Rule) -> Option<&'static Taken> {
    POLICY.iter().find(|taken| taken.rule == rule)
}

/// Whether there is a rule of this name, or was one that we leave to the library.
pub(super) fn is_known(name: &str) -> bool {
    OWN.iter().any(|(own, ..)| *own == name) || Rule::try_from(name).is_ok()
}

/// The level of a rule of ours.
pub(super) fn level_of(name: &str) -> LintLevel {
    OWN.iter().find(|(own, ..)| *own == name).map_or(Warning, |(_, level, _)| *level)
}

#[cfg(test)]
mod tests {
    use squawk_linter::Linter;

    use super::*;

    #[test]
    fn every_default_rule_of_the_library_is_taken_or_left_with_a_reason() {
        let left = |rule: &Rule| LEFT.iter().any(|(left, _)| left == rule);
        let forgotten: Vec<String> = Linter::with_default_rules()
            .rules
            .iter()
            .filter(|rule| of(**rule).is_none() && !left(rule))
            .map(ToString::to_string)
            .collect();
        assert!(forgotten.is_empty(), "{forgotten:?}");
        assert!(POLICY.iter().all(|taken| !left(&taken.rule)));
    }

    #[test]
    fn a_name_stands_for_one_rule() {
        let mut names: Vec<_> = lint_rules().into_iter().map(|rule| rule.name).collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
