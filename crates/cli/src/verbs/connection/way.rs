//! The way to a connection's server, as `add` and `edit` take it: a tunnel, and what TLS needs. What is not named stays.

use std::path::Path;

use clap::{Args, ValueEnum};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::connection::{ConnectionProfile, Secret, SecretPolicy, SshAuth, SshTunnel, TlsMode};
use evaldesk_api::{ErrorReport, Result};

use super::settings::{given, set, text};
use crate::target;

/// The flags of the way.
#[derive(Args)]
#[command(next_help_heading = "The way to the server")]
pub(super) struct Way {
    /// Go through this SSH server: a host, or an alias of ~/.ssh/config; "" for no tunnel
    #[arg(long, value_name = "HOST")]
    ssh_host: Option<String>,
    /// Its user; "" for what ~/.ssh/config says
    #[arg(long, value_name = "USER")]
    ssh_user: Option<String>,
    /// Its port
    #[arg(long, value_name = "PORT")]
    ssh_port: Option<u16>,
    /// Sign in by this private key; "" by what ssh-agent holds
    #[arg(long, value_name = "FILE")]
    ssh_key: Option<String>,
    /// How to sign in; naming a key is enough for "key"
    #[arg(long, value_enum, value_name = "HOW")]
    ssh_auth: Option<Auth>,
    /// A host on the way as user@host:port, once for each, the first one first; "" for none
    #[arg(long, value_name = "HOST")]
    ssh_jump: Vec<String>,
    /// Read the tunnel's password, or its key's passphrase, from the first line of standard input, and keep it in the keyring
    #[arg(long, conflicts_with = "password_stdin")]
    ssh_password_stdin: bool,
    /// How the session is encrypted, as libpq's sslmode
    #[arg(long, value_enum, value_name = "MODE")]
    ssl_mode: Option<Mode>,
    /// A PEM file with your own certificate; "" for none
    #[arg(long, value_name = "FILE")]
    ssl_cert: Option<String>,
    /// A PEM file with its private key, closed to others; "" for none
    #[arg(long, value_name = "FILE")]
    ssl_key: Option<String>,
    /// A PEM file with the authority that signs the server; "system" for this computer's, "" for the usual
    #[arg(long, value_name = "FILE")]
    ssl_root_cert: Option<String>,
    /// The name in the server's certificate where it is not the host's; "" for the host's
    #[arg(long, value_name = "NAME")]
    ssl_server_name: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Auth {
    /// By the keys of ssh-agent, then key files without a passphrase
    Agent,
    /// By a key file
    Key,
    Password,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl From<Mode> for TlsMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Disable => Self::Disable,
            Mode::Allow => Self::Allow,
            Mode::Prefer => Self::Prefer,
            Mode::Require => Self::Require,
            Mode::VerifyCa => Self::VerifyCa,
            Mode::VerifyFull => Self::VerifyFull,
        }
    }
}

impl From<Auth> for SshAuth {
    fn from(auth: Auth) -> Self {
        match auth {
            Auth::Agent => Self::Agent,
            Auth::Key => Self::Key,
            Auth::Password => Self::Password,
        }
    }
}

impl Way {
    /// Sets what was named; returns the tunnel's secret where one was given.
    pub(super) fn apply(self, profile: &mut ConnectionProfile) -> Result<Option<Secret>> {
        profile.tls = self.ssl_mode.map_or(profile.tls, TlsMode::from);
        file(&mut profile.tls_files.client_cert, self.ssl_cert.clone())?;
        file(&mut profile.tls_files.client_key, self.ssl_key.clone())?;
        match self.ssl_root_cert.as_deref() {
            Some("system") => profile.tls_root_cert = Some("system".to_owned()),
            _ => file(&mut profile.tls_root_cert, self.ssl_root_cert.clone())?,
        }
        set(&mut profile.tls_files.server_name, self.ssl_server_name.clone());
        self.tunnel(profile)
    }

    fn tunnel(self, profile: &mut ConnectionProfile) -> Result<Option<Secret>> {
        match self.ssh_host.clone() {
            Some(host) => match given(host) {
                Some(host) => profile.ssh.get_or_insert_with(unkept).host = host,
                None => profile.ssh = None,
            },
            None if profile.ssh.is_none() && self.names_a_tunnel() => return Err(without_host(profile)),
            None => {}
        }
        match &mut profile.ssh {
            Some(ssh) => self.described(ssh),
            None => Ok(None),
        }
    }

    fn names_a_tunnel(&self) -> bool {
        let named = [&self.ssh_user, &self.ssh_key].iter().any(|flag| flag.is_some());
        named
            || self.ssh_port.is_some()
            || self.ssh_auth.is_some()
            || !self.ssh_jump.is_empty()
            || self.ssh_password_stdin
    }

    fn described(self, ssh: &mut SshTunnel) -> Result<Option<Secret>> {
        set(&mut ssh.user, self.ssh_user);
        ssh.port = self.ssh_port.or(ssh.port);
        if let Some(key) = self.ssh_key {
            ssh.key_file = given(key).map(|key| absolute(&key)).transpose()?;
            ssh.auth = if ssh.key_file.is_some() { SshAuth::Key } else { SshAuth::Agent };
        }
        ssh.auth = self.ssh_auth.map_or(ssh.auth, SshAuth::from);
        if !self.ssh_jump.is_empty() {
            ssh.jump = self.ssh_jump.into_iter().filter_map(given).collect();
        }
        if !self.ssh_password_stdin {
            return Ok(None);
        }
        if ssh.auth == SshAuth::Agent {
            ssh.auth = SshAuth::Password;
        }
        ssh.secret_policy = SecretPolicy::Keyring;
        target::password_from_stdin().map(Some)
    }
}

/// A tunnel whose secret, if it has one, is kept nowhere until one is given.
fn unkept() -> SshTunnel {
    SshTunnel { secret_policy: SecretPolicy::Ask, ..SshTunnel::default() }
}

fn without_host(profile: &ConnectionProfile) -> ErrorReport {
    ErrorReport::new(ErrorKind::InvalidArguments, format!("{} has no SSH tunnel", profile.name))
        .hint("Name the SSH server by --ssh-host.")
}

fn file(setting: &mut Option<String>, named: Option<String>) -> Result<()> {
    if let Some(named) = named {
        *setting = given(named).map(|named| absolute(&named)).transpose()?;
    }
    Ok(())
}

/// The app reads the file from another folder than this one.
fn absolute(file: &str) -> Result<String> {
    let real = std::fs::canonicalize(Path::new(file)).ok().filter(|path| path.is_file());
    let real = real.ok_or_else(|| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("there is no file {file}"))
            .hint("Name a PEM file, or a private key, that is there.")
    })?;
    text(&real)
}
