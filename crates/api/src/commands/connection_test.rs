//! Testing a connection, saved or not: what is wrong is in the answer.
//!
//! The kept password goes only where it was kept for: whoever may test could else have it sent to a server of theirs.

use std::time::Instant;

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{
    Access, ConnectionProfile, Secret, SecretPolicy, ServerFacts, TestStep, test_connection,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::connection::ConnectionSaveArguments;
use crate::{ErrorReport, Result, Session};

/// A connection to try, saved or not.
pub type ConnectionTestArguments = ConnectionSaveArguments;

/// What a test found.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionTest {
    pub steps: Vec<TestStep>,
    pub server: Option<ServerFacts>,
    pub error: Option<ErrorReport>,
    pub took_ms: f64,
}

/// Tests a connection with one plain session.
pub async fn connection_test(
    session: &Session,
    arguments: ConnectionTestArguments,
) -> Result<ConnectionTest> {
    let begun = Instant::now();
    let profile = &arguments.profile;
    let known = match arguments.typed_password()? {
        Some(typed) => Ok(Some(typed)),
        None => kept_password(session, profile).await,
    };
    let password = known.as_ref().ok().cloned().flatten();
    let tunnel = session.tunnel_to_test(profile, arguments.ssh_secret.clone()).await?;
    let access = Access { password, tunnel };
    let report = test_connection(profile, &access, session.clock().now().date_naive()).await;
    let mut server = report.server;
    if let (Some(server), Some((theirs, read))) = (&mut server, report.clock) {
        let ours = session.clock().now() - read.elapsed();
        server.clock_ahead_ms = Some((theirs - ours).num_milliseconds());
    }
    Ok(ConnectionTest {
        steps: report.steps,
        server,
        error: report.error.map(|error| true_cause(error.into(), known.err())),
        took_ms: begun.elapsed().as_secs_f64() * 1000.0,
    })
}

async fn kept_password(session: &Session, profile: &ConnectionProfile) -> Result<Option<Secret>> {
    // What is saved says whose password counts; what came over the wire may say anything.
    let Ok(saved) = session.profile(&profile.id) else { return of_nobody(session, profile).await };
    if !saved.same_login(profile) {
        let (kept, asked) = (saved.address(), profile.address());
        return Err(ErrorReport::new(
            ErrorKind::SecretUnavailable,
            format!("the kept password is for {} at {kept}, not for {} at {asked}", saved.user, profile.user),
        )
        .hint("Type the password to try it there."));
    }
    require_saved_command(profile, Some(&saved))?;
    let secret_of = saved.secret_of;
    session.password(&ConnectionProfile { secret_of, local: saved.local, ..profile.clone() }).await
}

/// A connection that is not saved yet has no password kept.
async fn of_nobody(session: &Session, profile: &ConnectionProfile) -> Result<Option<Secret>> {
    require_saved_command(profile, None)?;
    session.password(&ConnectionProfile { secret_of: None, local: false, ..profile.clone() }).await
}

/// A test may be asked for by whoever may read. A program is run only where somebody with more rights saved it.
fn require_saved_command(profile: &ConnectionProfile, saved: Option<&ConnectionProfile>) -> Result<()> {
    let saved = saved.and_then(|saved| saved.password_command.as_ref());
    if profile.secret_policy != SecretPolicy::Command || saved == profile.password_command.as_ref() {
        return Ok(());
    }
    Err(ErrorReport::new(
        ErrorKind::SecretUnavailable,
        "the password command is not saved yet, so it was not run",
    )
    .hint("Save the connection, then test it; or type the password."))
}

/// A server may want no password; where it wants one, the cause is why there was none.
fn true_cause(error: ErrorReport, without: Option<ErrorReport>) -> ErrorReport {
    match without {
        Some(without) if error.code == ErrorKind::AuthenticationFailed => without,
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use evaldesk_core::connection::{MemoryProfiles, MemorySecrets};

    use super::*;
    use crate::commands::connection_save;

    #[tokio::test]
    async fn a_kept_password_goes_to_no_other_server() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::builder(folder.path())
            .secrets(Arc::new(MemorySecrets::default()))
            .profiles(Arc::new(MemoryProfiles::default()))
            .build();
        let profile = ConnectionProfile::new("Here", "db.example", 5432, "raaf", "me");
        let save = ConnectionSaveArguments {
            profile: profile.clone(),
            password: Some(Secret::new("x")),
            url: None,
            ssh_secret: None,
        };
        connection_save(&session, save).await.unwrap();
        assert!(kept_password(&session, &profile).await.unwrap().is_some());
        let elsewhere = ConnectionProfile { host: "evil.example".into(), ..profile };
        let refused = kept_password(&session, &elsewhere).await.unwrap_err();
        assert!(refused.message.contains("db.example:5432"), "{refused}");
    }
}
