//! Migrations: the files (`file`, `set`), what the database remembers (`ledger`), what would run (`plan`), running it
//! (`apply`), and whether it is true (`verify`, `status`).
//!
//! The truth stays in `schema_migrations`, as Rails keeps it. A row there is a claim, though: RAAF's own engines use
//! the number of the guide's migration for another one, so a version is up only when its verify file finds its objects.
//! Without one nothing can tell, and the row is believed.

mod activity;
mod adopt;
mod apply;
mod assess;
mod blocks;
mod cancel;
mod context;
mod drift;
mod embedded;
mod file;
mod history;
mod ledger;
mod lint;
mod lock;
pub mod log;
mod new;
mod plan;
pub mod rails;
mod rehearse;
mod repair;
mod scratch;
mod session;
mod set;
mod state;
mod status;
mod verify;
mod version;

pub use adopt::{
    AdoptOutcome, AdoptPlan, AdoptVerdict, AdoptVersion, BoundBy, FoundState, FoundTool, FoundVersion,
    MigrationTool, apply_adopt, detect, plan_adopt,
};
pub use apply::{AppliedMigration, MigrationOutcome, apply_migrate};
pub use blocks::Blocks;
pub use context::{Actor, LockPatience, MigrationContext};
pub use drift::{DriftReport, DriftStatus, drift};
pub use file::{Directives, FileProblem, Migration, MigrationFormat, Reversal, RubyFile, Script, ScriptRole};
pub use ledger::{LedgerKind, LedgerPlace};
pub use lint::{
    LintContext, LintFinding, LintLevel, LintRange, LintRule, LintSource, TableFacts, library_findings, lint,
    lint_rules, with_accepted,
};
pub use lock::MigrationLockHolder;
pub use new::{NewMigration, new_migration, normalized_name, writable_folder, write_script};
pub use plan::{
    BlockerKind, Direction, Doomed, DoomedKind, HeldLock, MigrationPlan, MigrationRequest, PlanBlocker,
    PlannedDisk, PlannedLock, PlannedMigration, PlannedStatement, Rehearsable, StatementPlace,
    StatementPurpose, plan_migrate,
};
pub use rehearse::{
    Agreement, LongestStatement, Rehearsal, RehearsalMeans, RehearsalPlace, RehearsalRequest,
    RehearsalSummary, RehearsedLock, RehearsedOutcome, RehearsedStatement, rehearsals, rehearse,
};
pub use repair::{FileWrite, Needed, RepairPlan, RepairVerb, apply_repair, plan_repair, repairs};
pub use set::{MigrationSet, MigrationSource};
pub use state::{MigrationState, PartialRun};
pub use status::{MigrationStatus, MigrationStatusRow, migration_lock_holder, migration_status};
pub use verify::{Problem, VerifyReport, Weight, verify_migration};
pub use version::Version;
