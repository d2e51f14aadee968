//! The order of environments: what a profile says must have a migration before it.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::ConnectionProfile;
use evaldesk_core::migrate::{self, Direction, MigrationPlan, Version};

use crate::{ErrorReport, Result, Session};

/// The connection that a profile waits for, with the versions of a plan that it does not have yet.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The name of the connection that comes first.
    pub(super) on: String,
    pub(super) versions: Vec<String>,
}

/// Adds to a plan what another connection does not have yet. A connection that cannot be looked at is said to be so.
pub(super) async fn flag(session: &Session, connection: &str, plan: &mut MigrationPlan) {
    match waiting(session, connection, plan).await {
        Ok(None) => {}
        Ok(Some(waiting)) => plan.notices.push(waiting.in_words()),
        Err(error) => plan.notices.push(error.message),
    }
}

/// Refuses to apply what another connection does not have yet, and where nobody can tell.
pub(super) async fn require(session: &Session, connection: &str, plan: &MigrationPlan) -> Result<()> {
    let Some(waiting) = waiting(session, connection, plan).await? else { return Ok(()) };
    let hint = format!(
        "Apply it on {} first: evaldesk migrate up --connection \"{}\". \
         The order is a setting of this connection, which you can edit.",
        waiting.on, waiting.on
    );
    Err(ErrorReport::new(ErrorKind::Refused, waiting.in_words()).hint(hint))
}

async fn waiting(session: &Session, connection: &str, plan: &MigrationPlan) -> Result<Option<Waiting>> {
    let profile = session.profile(connection)?;
    let wanted = going_up(plan);
    let Some(after) = profile.migrations.after.as_deref().filter(|_| !wanted.is_empty()) else {
        return Ok(None);
    };
    let first = first_in_line(session, &profile, after)?;
    let there = versions_up(session, &first).await.map_err(|error| not_seen(&profile, &first, error))?;
    let missing = wanted.into_iter().filter(|(version, _)| !there.contains(version));
    let versions: Vec<_> = missing.map(|(version, name)| format!("{version} {name}")).collect();
    Ok((!versions.is_empty()).then_some(Waiting { on: first.name, versions }))
}

fn going_up(plan: &MigrationPlan) -> Vec<(Version, String)> {
    let up = plan.steps.iter().filter(|step| step.direction == Direction::Up);
    up.map(|step| (step.version.clone(), step.name.clone())).collect()
}

async fn versions_up(session: &Session, profile: &ConnectionProfile) -> Result<Vec<Version>> {
    let database = session.database(&profile.id).await?;
    let context = session.migration_context(&profile.id)?;
    let status = migrate::migration_status(&database, &context).await?;
    Ok(status.migrations.into_iter().filter(|row| row.state.is_in_effect()).map(|row| row.version).collect())
}

fn first_in_line(session: &Session, profile: &ConnectionProfile, after: &str) -> Result<ConnectionProfile> {
    session.profile(after).map_err(|_| {
        let what = format!("{} waits for a connection that is not saved any more", profile.name);
        ErrorReport::new(ErrorKind::Refused, what)
            .hint("Edit the connection: name another that comes first, or none.")
    })
}

/// A yes without having looked would be a false one.
fn not_seen(profile: &ConnectionProfile, first: &ConnectionProfile, error: ErrorReport) -> ErrorReport {
    let what = format!(
        "{} takes a migration only after {}, which cannot be looked at: {}",
        profile.name, first.name, error.message
    );
    let hint = error.hint.unwrap_or_else(|| format!("Open {} and try again.", first.name));
    ErrorReport::new(ErrorKind::Refused, what).hint(hint)
}

impl Waiting {
    fn in_words(&self) -> String {
        let named = self.versions.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let more = self.versions.len().saturating_sub(3);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("not up yet on {}, which comes before this connection: {named}{rest}", self.on)
    }
}
