//! What a person should know before saying yes.

use super::super::LedgerPlace;
use super::{Direction, MigrationPlan};

/// Everything that is worth a sentence.
pub(super) fn notices(plan: &MigrationPlan, sees_all: bool) -> Vec<String> {
    let mut notices = Vec::new();
    notices.extend(own_ledger(plan));
    notices.extend(own_schema(plan));
    notices.extend(alone(plan));
    notices.extend(too_full(plan));
    if !sees_all && !plan.steps.is_empty() {
        notices.push(
            "This role does not see what the sessions of others do (pg_read_all_stats), so somebody may be in the way who is not named here."
                .to_owned(),
        );
    }
    notices
}

fn own_ledger(plan: &MigrationPlan) -> Option<String> {
    let up = plan.steps.iter().any(|step| step.direction == Direction::Up);
    (plan.ledger_place == LedgerPlace::Own && up).then(|| {
        "Another tool keeps schema_migrations: these versions are written down in evaldesk.migration_ledger, where it does not see them."
            .to_owned()
    })
}

fn own_schema(plan: &MigrationPlan) -> Option<String> {
    (!plan.own_schema.is_empty()).then(|| {
        "The schema evaldesk is made first, for our log and our own ledger, as was consented to.".to_owned()
    })
}

fn alone(plan: &MigrationPlan) -> Option<String> {
    let alone = plan.steps.iter().filter(|step| !step.transactional).count();
    if alone == 0 {
        return None;
    }
    let (which, broken) = match plan.steps.len() {
        1 => ("It runs".to_owned(), "it"),
        several if several == alone => ("They run".to_owned(), "one"),
        several => (format!("{alone} of {several} versions run"), "one"),
    };
    Some(format!("{which} without a transaction: if {broken} breaks off, what ran before stays."))
}

fn too_full(plan: &MigrationPlan) -> Option<String> {
    let (needed, free) = (plan.disk.needed_bytes, plan.disk.free_bytes?);
    (needed > free).then(|| {
        let size = super::estimate::size;
        format!("It needs about {} of disk, and {} are free.", size(needed), size(free))
    })
}
