//! Passwords. A `Secret` prints as `<redacted>`, cannot be serialised.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Deserializer};

use crate::Result;

/// A password on its way between the keyring and the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    /// The password itself; only for the driver, the keyring and a client tool's passfile.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A random password of 32 letters and digits, for servers that we make ourselves.
    pub fn random() -> Self {
        use rand::Rng as _;
        Self(rand::rng().sample_iter(rand::distr::Alphanumeric).take(32).map(char::from).collect())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// Where passwords are kept: the OS keyring, or memory. Keys are profile ids.
pub trait SecretStore: Send + Sync {
    /// The password of a profile; `None` when none is kept.
    fn get(&self, key: &str) -> BoxFuture<'_, Result<Option<Secret>>>;
    /// Keeps a password.
    fn set(&self, key: &str, secret: Secret) -> BoxFuture<'_, Result<()>>;
    /// Forgets a password; it is no error when there is none.
    fn remove(&self, key: &str) -> BoxFuture<'_, Result<()>>;
    /// Whether the store works now; the error says what is wrong with it and what to do.
    fn check(&self) -> BoxFuture<'_, Result<()>>;
    /// How people call it: "keyring", "memory".
    fn label(&self) -> &'static str;
}

/// Keeps passwords until the process ends.
#[derive(Debug, Default)]
pub struct MemorySecrets(Mutex<HashMap<String, Secret>>);

impl MemorySecrets {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, Secret>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl SecretStore for MemorySecrets {
    fn get(&self, key: &str) -> BoxFuture<'_, Result<Option<Secret>>> {
        let found = self.map().get(key).cloned();
        Box::pin(async move { Ok(found) })
    }

    fn set(&self, key: &str, secret: Secret) -> BoxFuture<'_, Result<()>> {
        self.map().insert(key.to_owned(), secret);
        Box::pin(async { Ok(()) })
    }

    fn remove(&self, key: &str) -> BoxFuture<'_, Result<()>> {
        self.map().remove(key);
        Box::pin(async { Ok(()) })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn label(&self) -> &'static str {
        "memory"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_itself() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some(<redacted>)");
    }
}
