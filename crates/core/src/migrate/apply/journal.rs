//! The log's entry of the version that runs: begun before it, its steps in the transactions that they tell of, its end.

use sqlx::PgConnection;

use super::trace::Trace;
use crate::catalog::fingerprint::quick_fingerprint;
use crate::migrate::log::{EntryId, Finish, Log, LogPlace, NewEntry};
use crate::migrate::session::MigratingSession;
use crate::migrate::{MigrationContext, PlannedMigration};
use crate::{Error, Result};

/// The log of a run, and the entry that is open.
pub(super) struct Journal {
    log: Log,
    entry: Option<EntryId>,
    pub(super) trace: Trace,
    /// The schema as it was when it was last looked at: between two versions nobody changes it but a stranger.
    fingerprint: Option<String>,
    looks: Looks,
}

/// When the schema is looked at. A look costs some milliseconds, and a long history is hundreds of versions.
#[derive(Debug, Clone, Copy)]
struct Looks {
    versions: usize,
    begun: usize,
}

/// Runs of more versions than this are looked at where they begin and end.
const MANY: usize = 20;

impl Looks {
    fn before(self) -> bool {
        self.versions <= MANY || self.begun == 0
    }

    fn after(self) -> bool {
        self.versions <= MANY || self.begun == self.versions
    }
}

impl Journal {
    /// Opens the log, under the migration locks, and writes down the end of runs that broke off without one.
    pub(super) async fn open(
        session: &mut PgConnection,
        context: &MigrationContext,
        versions: usize,
    ) -> Result<Self> {
        let log = Log::open(session, context).await?;
        log.settle(session).await?;
        Ok(Self {
            log,
            entry: None,
            trace: Trace::default(),
            fingerprint: None,
            looks: Looks { versions, begun: 0 },
        })
    }

    /// Begins the entry of a version.
    pub(super) async fn begin(
        &mut self,
        session: &mut PgConnection,
        context: &MigrationContext,
        step: &PlannedMigration,
    ) -> Result<()> {
        if self.fingerprint.is_none() && self.looks.before() {
            self.fingerprint = self.look(session).await?;
        }
        self.looks.begun += 1;
        self.trace.clear();
        let migration = context.set.require(&step.version)?;
        let new =
            NewEntry { fingerprint_before: self.fingerprint.clone(), ..NewEntry::of_step(migration, step) };
        self.entry = Some(self.log.begin(session, &new).await?);
        Ok(())
    }

    /// Whether a commit has to be confirmed: a file does not hear of it by itself.
    pub(super) fn is_in_a_file(&self) -> bool {
        self.log.place() == LogPlace::File
    }

    /// Whether what it writes goes with the session's transactions.
    pub(super) fn is_in_the_database(&self) -> bool {
        self.log.place() == LogPlace::Database
    }

    /// A statement that cannot run in a transaction is about to be sent.
    pub(super) async fn statement_begun(&self, session: &mut PgConnection, index: u32) -> Result<()> {
        let Some(entry) = self.entry else { return Ok(()) };
        self.log.statement_begun(session, entry, index).await
    }

    /// In a statement's own transaction, right before its commit.
    pub(super) async fn statement_committing(
        &self,
        session: &mut MigratingSession,
        index: u32,
    ) -> Result<()> {
        let Some(entry) = self.entry else { return Ok(()) };
        let transaction = session.transaction;
        self.log.statement_committing(session, transaction, entry, index).await
    }

    /// A statement without a transaction has ended.
    pub(super) async fn statement_done(&self, session: &mut PgConnection, index: u32) -> Result<()> {
        let Some(entry) = self.entry else { return Ok(()) };
        self.log.statement_done(session, entry, index).await
    }

    /// In the transaction with the version's row of the ledger, before that row and the commit.
    pub(super) async fn committing(&mut self, session: &mut MigratingSession) -> Result<Finish> {
        self.fingerprint = if self.looks.after() { self.look(session).await? } else { None };
        let finish = Finish {
            fingerprint_after: self.fingerprint.clone(),
            lock_trace: self.trace.to_json(),
            ..Finish::done()
        };
        if let Some(entry) = self.entry {
            let transaction = session.transaction;
            self.log.finish_committing(session, transaction, entry, &finish).await?;
        }
        Ok(finish)
    }

    /// After that commit.
    pub(super) async fn done(&mut self, session: &mut PgConnection, finish: &Finish) -> Result<()> {
        // In the database it went with the commit.
        match self.entry.take().filter(|_| self.is_in_a_file()) {
            Some(entry) => self.log.finish(session, entry, finish).await.map_err(kept),
            None => Ok(()),
        }
    }

    /// It broke off. What cannot be written now, over a lost connection, is found out by whoever comes next.
    pub(super) async fn failed(&mut self, session: &mut PgConnection, error: &Error) {
        let Some(entry) = self.entry.take() else { return };
        self.fingerprint = self.look(session).await.ok().flatten();
        let finish = Finish {
            fingerprint_after: self.fingerprint.clone(),
            lock_trace: self.trace.to_json(),
            ..Finish::failed(error.message())
        };
        let _ = self.log.finish(session, entry, &finish).await;
    }

    async fn look(&self, session: &mut PgConnection) -> Result<Option<String>> {
        if self.log.place() == LogPlace::Nowhere {
            Ok(None)
        } else {
            quick_fingerprint(session).await.map(Some)
        }
    }
}

fn kept(error: Error) -> Error {
    error.while_doing("the version is done and recorded, but its end cannot be written into the log")
}
