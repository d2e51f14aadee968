//! A second connection after the likeness of a saved one, with a copy of its password.

use evaldesk_core::connection::{ConnectionProfile, LOCAL_ID, SecretPolicy, SecretStore as _, SshTunnel};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::connection_save::{put_after, require_free_name};
use crate::{Result, Session, SessionEvent};

/// What to copy, and what to call it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDuplicateArguments {
    pub connection: String,
    pub name: String,
}

/// Duplicates a connection. The copy stands below the original, and each keeps its own password from then on.
pub async fn connection_duplicate(
    session: &Session,
    arguments: ConnectionDuplicateArguments,
) -> Result<ConnectionProfile> {
    let original = session.profile(&arguments.connection)?;
    let mut copy = likeness(&original, arguments.name);
    copy.secret_of = original.is_on_private_server().then(|| LOCAL_ID.to_owned());
    require_free_name(&session.profiles().load()?.profiles, &copy)?;
    copy_secret(session, original.secret_key(), &copy.id, original.secret_policy).await?;
    insert(session, &original, copy).await
}

/// The same settings under another name and id.
pub(super) fn likeness(original: &ConnectionProfile, name: String) -> ConnectionProfile {
    let id = uuid::Uuid::now_v7().to_string();
    ConnectionProfile { id, name: name.trim().to_owned(), local: false, ..original.clone() }
}

/// Saves a copy below its original, with the secret of the tunnel.
pub(super) async fn insert(
    session: &Session,
    original: &ConnectionProfile,
    copy: ConnectionProfile,
) -> Result<ConnectionProfile> {
    copy.validate()?;
    copy.validate_names()?;
    if let Some(tunnel) = &copy.ssh {
        let (from, to) = (SshTunnel::secret_key(&original.id), SshTunnel::secret_key(&copy.id));
        copy_secret(session, &from, &to, tunnel.secret_policy).await?;
    }
    let (after, saved) = (original.id.clone(), copy.clone());
    session.profiles().update(Box::new(move |all| put_after(all, &after, saved)))?;
    session.record("connection_save", Some(copy.name.clone()), &copy.address(), "ok");
    session.tell(SessionEvent::Connections);
    Ok(copy)
}

/// What is kept is copied where it is kept, what was typed in memory.
async fn copy_secret(session: &Session, from: &str, to: &str, policy: SecretPolicy) -> Result<()> {
    if from == LOCAL_ID {
        return Ok(());
    }
    if policy == SecretPolicy::Keyring
        && let Some(kept) = session.secrets().get(from).await?
    {
        session.secrets().set(to, kept).await?;
    }
    if let Some(typed) = session.typed().get(from).await? {
        session.remember(to, typed);
    }
    Ok(())
}
