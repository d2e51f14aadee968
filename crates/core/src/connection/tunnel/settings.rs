//! What a profile says of its tunnel. Whatever is left out is what `~/.ssh/config` says of the host, else ssh's own
//! default.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::SecretPolicy;
use crate::{Error, ErrorKind, Result};

/// How one proves who one is to the SSH server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SshAuth {
    /// By the keys that ssh-agent holds, then by key files that need no passphrase.
    #[default]
    Agent,
    /// By a key file, with or without a passphrase.
    Key,
    Password,
}

/// An SSH server that leads to the database's server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct SshTunnel {
    /// A host name, an address, or an alias of `~/.ssh/config`.
    pub host: String,
    /// Without one what the config says, else 22.
    pub port: Option<u16>,
    /// Without one what the config says, else the name that the person is logged in by.
    pub user: Option<String>,
    pub auth: SshAuth,
    /// The file of a private key; without one what the config says, else the usual names in `~/.ssh`.
    pub key_file: Option<String>,
    /// Hosts on the way as `user@host:port` or aliases, the first one first. Empty: what the config says.
    pub jump: Vec<String>,
    /// Where the key's passphrase, or the password, is taken from.
    pub secret_policy: SecretPolicy,
}

impl SshTunnel {
    /// The keyring's key of the passphrase or password, beside the database's own.
    pub fn secret_key(connection: &str) -> String {
        format!("{connection}:ssh")
    }

    /// Refuses what can never connect, naming the field.
    pub fn validate(&self) -> Result<()> {
        let texts =
            [("host", Some(&self.host)), ("user", self.user.as_ref()), ("key file", self.key_file.as_ref())];
        for (field, value) in texts {
            let Some(value) = value else { continue };
            if value.trim().is_empty() || value.contains(['\0', '\n']) {
                return Err(invalid(format!("the tunnel's {field} is empty or holds a line break")));
            }
        }
        if self.port == Some(0) {
            return Err(invalid("the tunnel's port 0 cannot be connected to".to_owned()));
        }
        if let Some(jump) =
            self.jump.iter().find(|jump| jump.trim().is_empty() || jump.contains(['\0', '\n', ' ']))
        {
            return Err(invalid(format!(
                "the tunnel's jump host {jump:?} is not of the form user@host:port"
            )));
        }
        Ok(())
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArguments, message).hint("Correct the tunnel in the connection's settings.")
}
