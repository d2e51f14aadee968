//! Connections of a session: which profile is meant, its password, and the open database behind it.

use std::sync::Arc;

use evaldesk_core::connection::{
    Access, ConnectionProfile, Database, MemorySecrets, ParsedUrl, Secret, SecretPolicy, SecretStore as _,
    ask_password_command, parse_url_as,
};
use evaldesk_core::{Error, ErrorKind};

use super::{Session, lock};
use crate::Result;

impl Session {
    /// Adds a connection that lives as long as the session and is in no file; returns its id.
    pub fn pass(&self, profile: ConnectionProfile, password: Option<Secret>) -> String {
        let id = profile.id.clone();
        if let Some(password) = password {
            self.remember(profile.secret_key(), password);
        }
        lock(&self.0.passing).insert(id.clone(), profile);
        id
    }

    /// Takes a connection URL apart; one without a user means PGUSER, else the user of the operating system.
    ///
    /// # Errors
    /// `InvalidArguments`, naming the part that is wrong.
    pub fn parse_url(&self, text: &str) -> Result<ParsedUrl> {
        Ok(parse_url_as(text, &self.surroundings().default_user())?)
    }

    /// Passwords that were typed since the session began.
    pub(crate) fn typed(&self) -> &MemorySecrets {
        &self.0.asked
    }

    /// Keeps a password in memory until the session ends.
    pub(crate) fn remember(&self, connection: &str, password: Secret) {
        use futures_util::FutureExt as _;
        let _ = self.0.asked.set(connection, password).now_or_never();
    }

    /// Lets go of a typed password, so that the kept one counts again.
    pub(crate) async fn unremember(&self, connection: &str) {
        let _ = self.0.asked.remove(connection).await;
    }

    pub(crate) async fn forget(&self, connection: &str) {
        self.unremember(connection).await;
        lock(&self.0.passing).remove(connection);
        self.queries().disconnect(connection).await;
        self.close(connection).await;
    }

    /// A profile by id, or by name without regard to case.
    ///
    /// # Errors
    /// `NotFound`, with the names there are.
    pub fn profile(&self, connection: &str) -> Result<ConnectionProfile> {
        if let Some(found) = lock(&self.0.passing).get(connection) {
            return Ok(found.clone());
        }
        let saved = self.profiles().load()?.profiles;
        let by_id = saved.iter().find(|profile| profile.id == connection);
        let found =
            by_id.or_else(|| saved.iter().find(|profile| profile.name.eq_ignore_ascii_case(connection)));
        Ok(found.cloned().ok_or_else(|| no_connection(connection, &saved))?)
    }

    /// The password of a profile: typed before, else from where the profile says.
    pub(crate) async fn password(&self, profile: &ConnectionProfile) -> Result<Option<Secret>> {
        if let Some(typed) = self.0.asked.get(profile.secret_key()).await? {
            return Ok(Some(typed));
        }
        if profile.is_on_private_server() {
            return crate::local::password(self).await.map(Some);
        }
        match profile.secret_policy {
            SecretPolicy::None => Ok(None),
            SecretPolicy::Ask => Err(ask(profile).into()),
            SecretPolicy::Command => {
                let command = profile.password_command.as_deref().unwrap_or_default();
                let asked = ask_password_command(command).await;
                let named = |error: Error| error.while_doing(&format!("no password for {}", profile.name));
                Ok(Some(asked.map_err(named)?))
            }
            SecretPolicy::Keyring => {
                Ok(Some(self.secrets().get(profile.secret_key()).await?.ok_or_else(|| ask(profile))?))
            }
        }
    }

    /// The open database of a connection; opens it when it is not.
    ///
    /// # Errors
    /// `NotFound`, `SecretUnavailable`, or the true cause why it cannot be opened.
    pub async fn database(&self, connection: &str) -> Result<Database> {
        let profile = self.profile(connection)?;
        let cell = Arc::clone(lock(&self.0.databases).entry(profile.id.clone()).or_default());
        cell.get_or_try_init(|| self.open(profile)).await.cloned()
    }

    async fn open(&self, profile: ConnectionProfile) -> Result<Database> {
        let profile = self.awake(profile).await?;
        let password = self.password(&profile).await?;
        let access = Access { password, tunnel: self.tunnel(&profile).await? };
        Ok(Database::open_with(&profile, &access).await?)
    }

    /// The private server runs before one of its databases is opened, and may have another port than last time.
    async fn awake(&self, profile: ConnectionProfile) -> Result<ConnectionProfile> {
        if !profile.is_on_private_server() {
            return Ok(profile);
        }
        let woken = crate::local::wake(self).await?;
        let (host, port, user) = (woken.host.clone(), woken.port, woken.user.clone());
        Ok(if profile.local {
            // A limit that was given for this session alone stays.
            ConnectionProfile { timeouts: profile.timeouts, ..woken }
        } else {
            ConnectionProfile { host, port, user, ..profile }
        })
    }

    /// The ids of connections that are open now.
    pub fn open_connections(&self) -> Vec<String> {
        let databases = lock(&self.0.databases);
        databases.iter().filter(|(_, cell)| cell.initialized()).map(|(id, _)| id.clone()).collect()
    }

    /// The database of a connection, if it is open.
    pub(crate) fn database_if_open(&self, connection: &str) -> Option<Database> {
        let id = self.profile(connection).ok()?.id;
        let cell = lock(&self.0.databases).get(&id).cloned()?;
        cell.get().cloned()
    }

    /// The major version of a connection's server, if it is open: nothing is opened to know it.
    pub(crate) fn major_if_open(&self, connection: &str) -> Option<u32> {
        u32::try_from(self.database_if_open(connection)?.version().major).ok()
    }

    /// Closes a connection's sessions; the next command opens it again.
    pub async fn close(&self, connection: &str) {
        let closed = lock(&self.0.databases).remove(connection);
        if let Some(database) = closed.as_ref().and_then(|cell| cell.get()) {
            database.close().await;
        }
    }
}

fn no_connection(connection: &str, saved: &[ConnectionProfile]) -> Error {
    if connection == crate::LOCAL_ID {
        return Error::new(ErrorKind::Precondition, "there is no local database yet")
            .hint("`evaldesk local start` makes one; or name a database by --connection or --url.");
    }
    let names: Vec<&str> = saved.iter().map(|profile| profile.name.as_str()).collect();
    let known = if names.is_empty() {
        "none is saved yet".to_owned()
    } else {
        format!("saved are {}", names.join(", "))
    };
    Error::new(ErrorKind::NotFound, format!("no connection named {connection}: {known}"))
        .hint("`evaldesk connection add NAME --url URL` saves one.")
}

fn ask(profile: &ConnectionProfile) -> Error {
    Error::new(
        ErrorKind::SecretUnavailable,
        format!("the password of {} for {} is not known", profile.user, profile.name),
    )
    .hint("Type the password (on the command line --password-stdin); it stays in memory until Evaldesk is closed.")
}
