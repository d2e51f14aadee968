//! Signing in by ssh-agent: it signs, we never see a key.

use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{PublicKey, load_public_key};
use tokio::net::UnixStream;

use super::super::cause::handshake;
use super::super::client::Session;
use super::super::hop::Hop;
use super::super::place::SshPlace;
use super::rsa_hash;
use crate::Result;

/// An OpenSSH server hangs up after six keys, and the files are to have a chance too.
const MOST: usize = 5;

/// How it went with the agent.
pub(super) struct ByAgent {
    pub(super) accepted: bool,
    /// For the error, where nothing else works either.
    pub(super) words: String,
}

impl ByAgent {
    fn no(words: impl Into<String>) -> Self {
        Self { accepted: false, words: words.into() }
    }
}

/// Offers the agent's keys. That there is no agent is no error by itself: key files come next.
pub(super) async fn sign_in(session: &mut Session, hop: &Hop, place: &SshPlace) -> Result<ByAgent> {
    let Some(socket) = &place.agent else {
        return Ok(ByAgent::no("no ssh-agent runs (SSH_AUTH_SOCK is not set)"));
    };
    let mut agent = match AgentClient::connect_uds(socket).await {
        Ok(agent) => agent,
        Err(error) => {
            return Ok(ByAgent::no(format!("ssh-agent at {} does not answer ({error})", socket.display())));
        }
    };
    let held = match agent.request_identities().await {
        Ok(held) => wanted(held, hop),
        Err(error) => return Ok(ByAgent::no(format!("ssh-agent does not tell its keys ({error})"))),
    };
    let mut refused = 0;
    for key in held.iter().take(MOST) {
        if offer(session, hop, &mut agent, key).await? {
            return Ok(ByAgent { accepted: true, words: String::new() });
        }
        refused += 1;
    }
    Ok(ByAgent::no(match (refused, held.len()) {
        (0, _) => "ssh-agent holds no key for it".to_owned(),
        (offered, held) => format!("{offered} of the {held} keys of ssh-agent were offered"),
    }))
}

/// The keys to offer: those whose file is named come first, and with IdentitiesOnly they are the only ones.
fn wanted(held: Vec<AgentIdentity>, hop: &Hop) -> Vec<PublicKey> {
    let beside = |file: &std::path::PathBuf| {
        let mut name = file.clone().into_os_string();
        name.push(".pub");
        load_public_key(name).ok()
    };
    let named: Vec<PublicKey> = hop.key_files.iter().filter_map(beside).collect();
    let is_named = |key: &PublicKey| named.iter().any(|other| other.key_data() == key.key_data());
    let mut keys: Vec<PublicKey> = held.iter().map(|identity| identity.public_key().into_owned()).collect();
    if hop.identities_only {
        keys.retain(is_named);
    }
    keys.sort_by_key(|key| !is_named(key));
    keys
}

/// An agent that will not sign (a key that asks its owner) is a key that was not taken.
async fn offer(
    session: &mut Session,
    hop: &Hop,
    agent: &mut AgentClient<UnixStream>,
    key: &PublicKey,
) -> Result<bool> {
    let hash = rsa_hash(session, &key.algorithm(), hop).await?;
    match session.authenticate_publickey_with(&hop.user, key.clone(), hash, agent).await {
        Ok(answer) => Ok(answer.success()),
        Err(_) if session.is_closed() => Err(handshake(russh::Error::HUP, hop)),
        Err(_) => Ok(false),
    }
}
