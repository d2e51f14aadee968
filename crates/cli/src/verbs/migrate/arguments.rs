//! Which way to migrate, and with what patience.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use evaldesk_api::MigrationWishes;
use evaldesk_api::core::migrate::{MigrationRequest, Version};

/// The verbs that change a schema; each can be planned too.
#[derive(Subcommand)]
pub(super) enum Way {
    /// Apply everything pending, or one version alone (the only way to an opt-in one)
    Up {
        /// This one alone; everything pending without it
        version: Option<String>,
        /// Let versions go up that are older than the newest applied one
        #[arg(long, conflicts_with = "version")]
        out_of_order: bool,
        /// Write each version into this folder of Rails' as a Ruby file too, so that rake knows it
        #[arg(long, value_name = "DIR")]
        write_ruby: Option<PathBuf>,
        #[command(flatten)]
        manner: Manner,
    },
    /// Roll one version back, and before it whatever stands on it
    Down {
        /// The one to take back
        version: String,
        #[command(flatten)]
        manner: Manner,
    },
    /// Up or down until a version is the newest that is up; 0 is before the first
    To {
        /// The one that is the newest afterwards
        version: String,
        #[command(flatten)]
        manner: Manner,
    },
    /// Roll the newest applied versions back and apply them again; nothing else goes up
    Redo {
        /// This one, and whatever stands on it
        version: Option<String>,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "version", value_parser = clap::value_parser!(u32).range(1..))]
        step: u32,
        #[command(flatten)]
        manner: Manner,
    },
    /// Roll the newest applied versions back; counts what is applied, not files
    Rollback {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        step: u32,
        #[command(flatten)]
        manner: Manner,
    },
}

/// How patiently, and what may be done on the way.
#[derive(Args)]
pub(super) struct Manner {
    /// How long to try for the migration locks that another runner holds (3 without it)
    #[arg(long, value_name = "SECONDS")]
    lock_wait: Option<u64>,
    /// How long a statement waits for a lock before the migration is begun again (2000 without it)
    #[arg(long, value_name = "MS")]
    lock_timeout: Option<u64>,
    /// Consent to the schema "evaldesk" in the database, for the log and our own ledger
    #[arg(long)]
    log_schema: bool,
}

impl Way {
    /// What is asked of core.
    pub(super) fn request(&self) -> MigrationRequest {
        match self {
            Self::Up { version: None, .. } => MigrationRequest::Up,
            Self::Up { version: Some(version), .. } => {
                MigrationRequest::UpOnly { version: Version::new(version) }
            }
            Self::Down { version, .. } => MigrationRequest::Down { version: Version::new(version) },
            Self::To { version, .. } => MigrationRequest::To { version: Version::new(version) },
            Self::Redo { version: Some(version), .. } => {
                MigrationRequest::RedoVersion { version: Version::new(version) }
            }
            Self::Redo { version: None, step, .. } => MigrationRequest::Redo { step: *step },
            Self::Rollback { step, .. } => MigrationRequest::Rollback { step: *step },
        }
    }

    /// The folder of Rails' where each version that goes up is written too.
    pub(super) fn write_ruby(&self) -> Option<&Path> {
        match self {
            Self::Up { write_ruby, .. } => write_ruby.as_deref(),
            _ => None,
        }
    }

    /// What the session has to know before it is made.
    pub(super) fn wishes(&self) -> MigrationWishes {
        let wishes = self.manner().wishes();
        match self {
            Self::Up { out_of_order, write_ruby, .. } => {
                MigrationWishes { any_order: *out_of_order, write_ruby: write_ruby.clone(), ..wishes }
            }
            _ => wishes,
        }
    }

    /// How long a statement waits for a lock, in milliseconds, where that was said.
    pub(super) fn lock_timeout(&self) -> Option<u64> {
        self.manner().lock_timeout
    }

    fn manner(&self) -> &Manner {
        match self {
            Self::Up { manner, .. }
            | Self::Down { manner, .. }
            | Self::To { manner, .. }
            | Self::Redo { manner, .. }
            | Self::Rollback { manner, .. } => manner,
        }
    }
}

impl Manner {
    /// As the session takes it.
    pub(super) fn wishes(&self) -> MigrationWishes {
        MigrationWishes {
            own_schema: self.log_schema,
            lock_wait: self.lock_wait.map(Duration::from_secs),
            lock_timeout: self.lock_timeout.map(Duration::from_millis),
            ..MigrationWishes::default()
        }
    }
}
