//! What a connection is beside its address, as `add` and `edit` take it. What is not named stays as it is.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::{
    ConnectionProfile, Environment, MigrationSettings, Secret, SecretPolicy, WriteMode,
};
use evaldesk_api::{ErrorReport, Result, Session};

use super::limits::Limits;
use super::way::Way;

/// The flags that `add` and `edit` share.
#[derive(Args)]
pub(crate) struct Settings {
    #[arg(long, value_enum)]
    environment: Option<EnvironmentName>,
    /// Refuse every write on it; --read-only=false lifts it
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, value_name = "BOOL")]
    read_only: Option<bool>,
    /// What SQL and edits may change; "default" leaves it to the environment
    #[arg(long, value_enum, value_name = "MODE")]
    writes: Option<Writes>,
    /// The heading that it stands under in lists; "" for none
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// A colour of your own as #rrggbb; "" for none
    #[arg(long, value_name = "COLOR")]
    color: Option<String>,
    /// What its people want to know about it; "" for nothing
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// Take the password from the first line that a program prints, as "pass show db/staging"; "" for no program
    #[arg(long, value_name = "CMD", conflicts_with = "password_stdin")]
    password_command: Option<String>,
    /// The folder of its migration files; "" for the schema of RAAF Eval
    #[arg(long, value_name = "DIR")]
    migrations_folder: Option<String>,
    /// How rake is called for a folder of Ruby files, as "bundle exec rake"; "" for not at all
    #[arg(long, value_name = "CMD")]
    rake: Option<String>,
    /// Consent to a schema "evaldesk" in the database for the log of migrations; =false takes it back
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, value_name = "BOOL")]
    evaldesk_schema: Option<bool>,
    /// The connection where a migration has to be up before it may run here; "" for none
    #[arg(long, value_name = "NAME")]
    after: Option<String>,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    way: Way,
}

#[derive(Clone, Copy, ValueEnum)]
enum EnvironmentName {
    Development,
    Test,
    Staging,
    Production,
    Other,
}

#[derive(Clone, Copy, ValueEnum)]
enum Writes {
    /// What is not proven a read is refused
    ReadOnly,
    /// Each write asks first
    Confirm,
    /// Only what kills data asks first
    Free,
    /// As the environment has it: production read-only, staging confirm, others free
    Default,
}

impl From<Writes> for Option<WriteMode> {
    fn from(writes: Writes) -> Self {
        match writes {
            Writes::ReadOnly => Some(WriteMode::ReadOnly),
            Writes::Confirm => Some(WriteMode::Confirm),
            Writes::Free => Some(WriteMode::Free),
            Writes::Default => None,
        }
    }
}

impl From<EnvironmentName> for Environment {
    fn from(name: EnvironmentName) -> Self {
        match name {
            EnvironmentName::Development => Self::Development,
            EnvironmentName::Test => Self::Test,
            EnvironmentName::Staging => Self::Staging,
            EnvironmentName::Production => Self::Production,
            EnvironmentName::Other => Self::Other,
        }
    }
}

impl Settings {
    /// Sets what was named; returns the tunnel's secret where one was given.
    pub(crate) fn apply(self, session: &Session, profile: &mut ConnectionProfile) -> Result<Option<Secret>> {
        profile.environment = self.environment.map_or(profile.environment, Environment::from);
        profile.read_only = self.read_only.unwrap_or(profile.read_only);
        profile.writes = self.writes.map_or(profile.writes, Into::into);
        set(&mut profile.group, self.group);
        set(&mut profile.color, self.color);
        set(&mut profile.notes, self.notes);
        if let Some(command) = self.password_command {
            profile.password_command = given(command);
            profile.secret_policy =
                if profile.password_command.is_some() { SecretPolicy::Command } else { SecretPolicy::Ask };
        }
        let MigrationSettings { folder, rake, own_schema, after } = &mut profile.migrations;
        if let Some(named) = self.migrations_folder {
            *folder = given(named).map(|named| absolute(&named)).transpose()?;
        }
        if let Some(named) = self.rake {
            *rake = given(named);
        }
        *own_schema = self.evaldesk_schema.unwrap_or(*own_schema);
        if let Some(named) = self.after {
            *after = given(named).map(|named| other(session, &profile.id, &named)).transpose()?;
        }
        self.limits.apply(profile);
        self.way.apply(profile)
    }
}

pub(super) fn set(setting: &mut Option<String>, named: Option<String>) {
    if let Some(named) = named {
        *setting = given(named);
    }
}

/// An empty word takes a setting away.
pub(super) fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

/// The app reads the file from another folder than this one.
fn absolute(folder: &str) -> Result<String> {
    let real = std::fs::canonicalize(folder).ok().filter(|path| path.is_dir());
    let real: PathBuf = real.ok_or_else(|| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("there is no folder {folder}"))
            .hint("Name the folder of the migration files, db/migrate in a Rails application.")
    })?;
    text(&real)
}

pub(super) fn text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("{} is not UTF-8", path.display()))
            .hint("Rename the folder.")
    })
}

/// By its id: names change.
fn other(session: &Session, own: &str, name: &str) -> Result<String> {
    let first = session.profile(name)?;
    if first.id != own {
        return Ok(first.id);
    }
    Err(ErrorReport::new(ErrorKind::InvalidArguments, format!("{} cannot wait for itself", first.name))
        .hint("Name another connection, or \"\" for none."))
}
