//! Proving who we are: by the agent's keys, by key files, or by a password.

mod agent;
mod key_file;

use std::sync::Arc;

use russh::client::KeyboardInteractiveAuthResponse;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg};

use super::cause::{handshake, not_accepted};
use super::client::Session;
use super::hop::Hop;
use super::place::SshPlace;
use super::settings::SshAuth;
use crate::connection::Secret;
use crate::{Error, ErrorKind, Result};

/// Signs in. The secret is for the last host alone, and for key files that need a passphrase.
///
/// # Errors
/// `SecretUnavailable` where a passphrase or password is missing, `AuthenticationFailed` with what was tried.
pub(super) async fn sign_in(
    session: &mut Session,
    hop: &Hop,
    place: &SshPlace,
    secret: Option<&Secret>,
) -> Result<()> {
    match hop.auth {
        SshAuth::Password => by_password(session, hop, secret).await,
        SshAuth::Key => by_key_files(session, hop, secret).await,
        SshAuth::Agent => by_agent_or_open_key(session, hop, place).await,
    }
}

/// The agent's keys, then the key files that need no passphrase.
async fn by_agent_or_open_key(session: &mut Session, hop: &Hop, place: &SshPlace) -> Result<()> {
    let by_agent = agent::sign_in(session, hop, place).await?;
    if by_agent.accepted {
        return Ok(());
    }
    let mut tried = 0;
    for file in &hop.key_files {
        let Ok(Some(key)) = key_file::read(file, None) else { continue };
        tried += 1;
        if offer(session, hop, key).await? {
            return Ok(());
        }
    }
    Err(not_accepted(
        hop,
        &format!("{}, and {tried} key files without a passphrase were offered", by_agent.words),
    ))
}

/// The key files that are there. A named one that is not there, or is closed to us, is an error.
async fn by_key_files(session: &mut Session, hop: &Hop, secret: Option<&Secret>) -> Result<()> {
    let mut offered = Vec::new();
    for file in &hop.key_files {
        let Some(key) = key_file::read(file, secret)? else { continue };
        if offer(session, hop, key).await? {
            return Ok(());
        }
        offered.push(file.display().to_string());
    }
    match offered.as_slice() {
        [] => Err(key_file::none(hop)),
        files => Err(not_accepted(hop, &format!("it knows none of these keys: {}", files.join(", ")))),
    }
}

async fn offer(session: &mut Session, hop: &Hop, key: PrivateKey) -> Result<bool> {
    let hash = rsa_hash(session, &key.algorithm(), hop).await?;
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
    let answer =
        session.authenticate_publickey(&hop.user, key).await.map_err(|error| handshake(error, hop))?;
    Ok(answer.success())
}

/// RSA keys sign by a hash that the server takes; SHA-256 where it does not say.
async fn rsa_hash(session: &Session, algorithm: &Algorithm, hop: &Hop) -> Result<Option<HashAlg>> {
    if !algorithm.clone().is_rsa() {
        return Ok(None);
    }
    let best = session.best_supported_rsa_hash().await.map_err(|error| handshake(error, hop))?;
    Ok(best.unwrap_or(Some(HashAlg::Sha256)))
}

/// By method "password", and where the server asks by "keyboard-interactive", by answering its one hidden question.
async fn by_password(session: &mut Session, hop: &Hop, secret: Option<&Secret>) -> Result<()> {
    let password = secret.ok_or_else(|| missing(hop))?.expose();
    let broken = |error| handshake(error, hop);
    if session.authenticate_password(&hop.user, password).await.map_err(broken)?.success() {
        return Ok(());
    }
    let none: Option<String> = None;
    let mut answer =
        session.authenticate_keyboard_interactive_start(&hop.user, none).await.map_err(broken)?;
    for _ in 0..3 {
        let KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } = answer else { break };
        // A question that is shown while it is answered is not for a password.
        if prompts.len() > 1 || prompts.iter().any(|prompt| prompt.echo) {
            return Err(not_accepted(hop, "it asks for more than a password, which is not understood"));
        }
        let answers = prompts.iter().map(|_| password.to_owned()).collect();
        answer = session.authenticate_keyboard_interactive_respond(answers).await.map_err(broken)?;
    }
    match answer {
        KeyboardInteractiveAuthResponse::Success => Ok(()),
        _ => Err(not_accepted(hop, "the password is wrong, or it takes none")),
    }
}

fn missing(hop: &Hop) -> Error {
    Error::new(
        ErrorKind::SecretUnavailable,
        format!("the password of {} for the SSH server {} is not known", hop.user, hop.address()),
    )
    .hint("Type the tunnel's password; it stays in memory until Evaldesk is closed.")
}
