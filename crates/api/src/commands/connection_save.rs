//! Saving a connection: the profile to its file, the password to its place, and never one without the other.

use evaldesk_core::connection::{ConnectionProfile, Secret, SecretPolicy, SecretStore as _, parse_url};
use evaldesk_core::{Error, ErrorKind};

use super::connection::{ConnectionSaveArguments, local_is_ours};
use crate::{ErrorReport, LOCAL_ID, Result, Session, SessionEvent};

/// Saves a connection. The password goes to its place first: when that fails, nothing is saved.
pub async fn connection_save(
    session: &Session,
    arguments: ConnectionSaveArguments,
) -> Result<ConnectionProfile> {
    let password = arguments.typed_password()?;
    let ssh_secret = arguments.ssh_secret.clone();
    let mut profile = ours(arguments.profile)?;
    let all = session.profiles().load()?.profiles;
    require_free_name(&all, &profile)?;
    let before = all.into_iter().find(|saved| saved.id == profile.id);
    share(session, &mut profile, before.as_ref()).await?;
    keep_password(session, &profile, password).await?;
    session.keep_tunnel(&profile, ssh_secret).await?;
    let saved = profile.clone();
    if let Err(error) = session.profiles().update(Box::new(move |all| put(all, saved))) {
        give_up(session, &profile, before.is_none()).await;
        return Err(error.into());
    }
    let moved = before.as_ref().is_some_and(|before| !before.same_place(&profile));
    drop_password(session, &profile, before).await?;
    if moved {
        // What a tab runs from here on must not land where the connection led before.
        session.queries().disconnect(&profile.id).await;
    }
    session.close(&profile.id).await;
    session.record("connection_save", Some(profile.name.clone()), &profile.address(), "ok");
    session.tell(SessionEvent::Connections);
    Ok(profile)
}

/// A profile that may be saved: with an id, and none that pretends to be the private server's.
fn ours(mut profile: ConnectionProfile) -> Result<ConnectionProfile> {
    if profile.id.is_empty() {
        profile.id = uuid::Uuid::now_v7().to_string();
    }
    if profile.id == LOCAL_ID {
        return Err(local_is_ours());
    }
    profile.local = false;
    profile.validate()?;
    profile.validate_names()?;
    Ok(profile)
}

/// Whose password counts is not the wire's to say: it stays as it was, as long as the connection leads to the same
/// server as the same user. Those that share the password of one that moves away keep it among themselves.
async fn share(
    session: &Session,
    profile: &mut ConnectionProfile,
    before: Option<&ConnectionProfile>,
) -> Result<()> {
    let stays = before.filter(|before| before.same_login(profile));
    profile.secret_of = stays.and_then(|before| before.secret_of.clone());
    match before {
        Some(before) if stays.is_none() => hand_on(session, before).await,
        _ => Ok(()),
    }
}

impl ConnectionSaveArguments {
    pub(super) fn typed_password(&self) -> Result<Option<Secret>> {
        match (&self.password, &self.url) {
            (Some(typed), _) => Ok(Some(typed.clone())),
            (None, Some(url)) => Ok(parse_url(url.expose())?.password),
            (None, None) => Ok(None),
        }
    }
}

async fn keep_password(
    session: &Session,
    profile: &ConnectionProfile,
    password: Option<Secret>,
) -> Result<()> {
    if profile.is_on_private_server() {
        return Ok(());
    }
    let key = profile.secret_key();
    match (profile.secret_policy, password) {
        (SecretPolicy::Keyring, Some(password)) => {
            session.secrets().set(key, password).await?;
            session.unremember(key).await;
        }
        (SecretPolicy::Ask, Some(password)) => session.remember(key, password),
        _ => {}
    }
    Ok(())
}

/// The profile was not saved: a password of a connection that is not there must not stay behind.
async fn give_up(session: &Session, profile: &ConnectionProfile, new: bool) {
    if new && profile.secret_policy == SecretPolicy::Keyring {
        let _ = session.secrets().remove(&profile.id).await;
    }
}

/// A connection that is no longer to keep its password has it taken out of the keyring.
async fn drop_password(
    session: &Session,
    profile: &ConnectionProfile,
    before: Option<ConnectionProfile>,
) -> Result<()> {
    let Some(before) = before else { return Ok(()) };
    let kept = before.secret_policy == SecretPolicy::Keyring && before.secret_of.is_none();
    if kept && profile.secret_policy != SecretPolicy::Keyring && sharers(session, &profile.id)?.is_empty() {
        session.secrets().remove(&profile.id).await.map_err(|error| {
            error.while_doing(&format!("{} is saved, but its password is still in the keyring", profile.name))
        })?;
    }
    Ok(())
}

/// Names are how people and scripts call a connection: no two alike.
pub(super) fn require_free_name(all: &[ConnectionProfile], profile: &ConnectionProfile) -> Result<()> {
    if profile.name.eq_ignore_ascii_case(LOCAL_ID) {
        return Err(taken(profile, "is Evaldesk's own, of the local database"));
    }
    if all.iter().any(|other| other.id != profile.id && other.name.eq_ignore_ascii_case(&profile.name)) {
        return Err(taken(profile, "is already saved"));
    }
    Ok(())
}

fn taken(profile: &ConnectionProfile, why: &str) -> ErrorReport {
    ErrorReport::new(ErrorKind::Conflict, format!("a connection named {} {why}", profile.name))
        .hint("Give this one another name.")
}

/// The connections that use the password which is kept for this one.
fn sharers(session: &Session, id: &str) -> Result<Vec<ConnectionProfile>> {
    let mut all = session.profiles().load()?.profiles;
    all.retain(|other| other.secret_of.as_deref() == Some(id));
    Ok(all)
}

/// Gives a password on to those that share it, before its own connection goes or moves elsewhere.
pub(super) async fn hand_on(session: &Session, profile: &ConnectionProfile) -> Result<()> {
    let sharers = sharers(session, &profile.id)?;
    let Some(heir) = sharers.first().map(|first| first.id.clone()) else { return Ok(()) };
    if let Some(kept) = session.secrets().get(&profile.id).await? {
        session.secrets().set(&heir, kept).await?;
    }
    if let Some(typed) = session.typed().get(&profile.id).await? {
        session.remember(&heir, typed);
    }
    let from = profile.id.clone();
    session.profiles().update(Box::new(move |all| {
        for sharer in all.iter_mut().filter(|other| other.secret_of.as_deref() == Some(&from)) {
            sharer.secret_of = (sharer.id != heir).then(|| heir.clone());
        }
        Ok(())
    }))?;
    Ok(())
}

/// As `put`, below another one.
pub(super) fn put_after(
    all: &mut Vec<ConnectionProfile>,
    after: &str,
    profile: ConnectionProfile,
) -> evaldesk_core::Result<()> {
    let id = profile.id.clone();
    put(all, profile)?;
    let Some(at) = all.iter().position(|other| other.id == after) else { return Ok(()) };
    if let Some(saved) = all.iter().position(|other| other.id == id).filter(|saved| *saved > at + 1) {
        all[at + 1..=saved].rotate_right(1);
    }
    Ok(())
}

fn put(all: &mut Vec<ConnectionProfile>, profile: ConnectionProfile) -> evaldesk_core::Result<()> {
    // Again, now under the lock: another program may have saved the name in between.
    if all.iter().any(|other| other.id != profile.id && other.name.eq_ignore_ascii_case(&profile.name)) {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("a connection named {} is already saved", profile.name),
        ));
    }
    match all.iter_mut().find(|other| other.id == profile.id) {
        Some(held) => *held = profile,
        None => all.push(profile),
    }
    Ok(())
}
