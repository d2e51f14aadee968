//! Passwords in the keyring of the operating system.
//!
//! On Linux a fresh store is made for every access: the crate's shared one keeps its first failure until the program
//! ends, and people do unlock their keyring after they saw the message. A locked collection blocks on a prompt, so
//! every access runs on a blocking thread with a limit.

use std::time::Duration;

use evaldesk_core::connection::{Secret, SecretStore};
use evaldesk_core::{Error, ErrorKind, Result};
use futures_util::future::BoxFuture;
use keyring_core::{Entry, Error as KeyringError};

/// The service name that entries carry: `secret-tool lookup service evaldesk username <connection id>`.
const SERVICE: &str = "evaldesk";

/// How long a prompt may stay open before the caller is told to unlock the keyring.
const PATIENCE: Duration = Duration::from_secs(8);

/// The operating system's keyring.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyringSecrets;

impl SecretStore for KeyringSecrets {
    fn get(&self, key: &str) -> BoxFuture<'_, Result<Option<Secret>>> {
        access(key.to_owned(), |entry| match entry.get_password() {
            Ok(password) => Ok(Some(Secret::new(password))),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, key: &str, secret: Secret) -> BoxFuture<'_, Result<()>> {
        access(key.to_owned(), move |entry| entry.set_password(secret.expose()))
    }

    fn remove(&self, key: &str) -> BoxFuture<'_, Result<()>> {
        access(key.to_owned(), |entry| match entry.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        access("availability-check".to_owned(), |entry| match entry.get_password() {
            Ok(_) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    fn label(&self) -> &'static str {
        "keyring"
    }
}

fn access<T: Send + 'static>(
    key: String,
    act: impl FnOnce(Entry) -> keyring_core::Result<T> + Send + 'static,
) -> BoxFuture<'static, Result<T>> {
    Box::pin(async move {
        let acted = tokio::task::spawn_blocking(move || act(open(&key)?));
        match tokio::time::timeout(PATIENCE, acted).await {
            Ok(Ok(result)) => result.map_err(explain),
            Ok(Err(panic)) => Err(Error::internal("the keyring access ended unexpectedly").caused_by(panic)),
            Err(_) => Err(locked()),
        }
    })
}

#[cfg(target_os = "linux")]
fn open(key: &str) -> keyring_core::Result<Entry> {
    use keyring_core::api::CredentialStoreApi as _;
    zbus_secret_service_keyring_store::Store::new()?.build(SERVICE, key, None)
}

#[cfg(not(target_os = "linux"))]
fn open(key: &str) -> keyring_core::Result<Entry> {
    Ok(keyring::Entry::new(SERVICE, key)?.inner)
}

/// The four bad situations, each in its own words.
fn explain(error: KeyringError) -> Error {
    let (why, hint) = match &error {
        KeyringError::PlatformFailure(_) | KeyringError::NoDefaultStore => (
            "this session has no keyring service",
            "Start gnome-keyring or KWallet in a desktop session, or let Evaldesk ask each time: \"Memory\" in the window, --ask on the command line.",
        ),
        KeyringError::NoStorageAccess(_) => (
            "the keyring has no unlocked collection to keep passwords in",
            "Unlock your keyring (or create one named Login), then try again; or let Evaldesk ask each time: \"Memory\" in the window, --ask on the command line.",
        ),
        _ => (
            "the keyring refused",
            "Look at the keyring's own settings, or let Evaldesk ask each time: \"Memory\" in the window, --ask on the command line.",
        ),
    };
    Error::new(ErrorKind::SecretUnavailable, format!("the password cannot be read or kept: {why}"))
        .hint(hint)
        .caused_by(error)
}

fn locked() -> Error {
    Error::new(
        ErrorKind::SecretUnavailable,
        format!(
            "the keyring did not answer within {} s: it is locked and waits for its password",
            PATIENCE.as_secs()
        ),
    )
    .hint("Unlock your keyring, then try again; or let Evaldesk ask each time: \"Memory\" in the window, --ask on the command line.")
}
