//! What a connection migrates with: its profile's files and consent, this session's wishes, and who acts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use evaldesk_core::connection::{ConnectionProfile, MigrationSettings};
use evaldesk_core::migrate::{Actor, LockPatience, MigrationContext, MigrationPlan, MigrationSet};

use super::{Session, lock};
use crate::Result;

/// What a command line asks for beside the profile; it counts for every connection of the session.
#[derive(Debug, Clone, Default)]
pub struct MigrationWishes {
    /// These files instead of the profile's.
    pub folder: Option<PathBuf>,
    /// Consent to the schema `evaldesk`.
    pub own_schema: bool,
    /// Versions that are older than the newest applied one go up with the others.
    pub any_order: bool,
    /// Every version that goes up is written into this folder of Rails' too.
    pub write_ruby: Option<PathBuf>,
    /// How long to try for the migration locks.
    pub lock_wait: Option<Duration>,
    /// How long one statement waits for a lock.
    pub lock_timeout: Option<Duration>,
}

impl Session {
    /// The context to migrate a connection with.
    ///
    /// # Errors
    /// `NotFound` without such a connection; what is wrong with its migration files.
    pub fn migration_context(&self, connection: &str) -> Result<MigrationContext> {
        let settings = self.profile(connection)?.migrations;
        let wishes = &self.0.migration_wishes;
        Ok(MigrationContext {
            actor: self.migrating_actor(),
            patience: patience(wishes),
            own_schema: settings.own_schema || wishes.own_schema,
            any_order: wishes.any_order,
            ruby_twins: wishes.write_ruby.is_some(),
            log_folder: Some(self.folder().join("migrations")),
            ..MigrationContext::new(self.usable_set(&settings)?)
        })
    }

    /// The files with what runs them, as they are today.
    fn usable_set(&self, settings: &MigrationSettings) -> Result<MigrationSet> {
        let set = self.migration_set(settings)?;
        let private = Some(self.folder().join("migrations"));
        Ok(set.with_rake(settings.rake.as_deref(), private).seen_at(self.0.clock.now()))
    }

    /// The files that the command line wishes for, else the schema of RAAF Eval.
    pub(crate) fn wished_migrations(&self) -> Result<MigrationSet> {
        self.migration_set(&MigrationSettings::default())
    }

    /// A folder is read anew only once something in it has changed: its files are parsed to be read.
    fn migration_set(&self, settings: &MigrationSettings) -> Result<MigrationSet> {
        let Some(folder) = folder(settings, &self.0.migration_wishes) else {
            return Ok(MigrationSet::embedded()?);
        };
        let known = lock(&self.0.migration_sets).get(&folder).cloned();
        if let Some(set) = known.filter(MigrationSet::is_as_on_disk) {
            return Ok(set);
        }
        let set = MigrationSet::from_folder(&folder)?;
        lock(&self.0.migration_sets).insert(folder, set.clone());
        Ok(set)
    }

    /// Keeps a plan that was made for a connection, to know it again.
    pub(crate) fn keep_plan(&self, connection: &str, plan: &MigrationPlan) {
        lock(&self.0.migration_plans).insert(connection.to_owned(), plan.clone());
    }

    /// Whether a plan is the one that was made last for a connection, to the letter.
    pub(crate) fn made_plan(&self, connection: &str, plan: &MigrationPlan) -> bool {
        lock(&self.0.migration_plans).get(connection).is_some_and(|made| made == plan)
    }

    /// The folder that the command line wishes for; `None` is the schema of RAAF Eval.
    pub(crate) fn wished_folder(&self) -> Option<PathBuf> {
        folder(&MigrationSettings::default(), &self.0.migration_wishes)
    }

    /// The folder that a connection is migrated with; `None` is the schema of RAAF Eval.
    pub(crate) fn migration_folder(&self, profile: &ConnectionProfile) -> Option<PathBuf> {
        folder(&profile.migrations, &self.0.migration_wishes)
    }

    /// Where versions that go up are written as Ruby too.
    pub(crate) fn ruby_folder(&self) -> Option<&Path> {
        self.0.migration_wishes.write_ruby.as_deref()
    }

    fn migrating_actor(&self) -> Actor {
        Actor {
            name: self.0.actor.clone(),
            host: crate::host::machine(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

fn folder(settings: &MigrationSettings, wishes: &MigrationWishes) -> Option<PathBuf> {
    wishes.folder.clone().or_else(|| settings.folder.as_ref().map(PathBuf::from))
}

fn patience(wishes: &MigrationWishes) -> LockPatience {
    let usual = LockPatience::default();
    LockPatience {
        migration: wishes.lock_wait.unwrap_or(usual.migration),
        statement: wishes.lock_timeout.unwrap_or(usual.statement),
        ..usual
    }
}
