//! What needs a decision, and what one decision would do.

use evaldesk_api::core::migrate::{Needed, RepairPlan};

use super::word;
use crate::print::{Align, Table, note, tame};

/// Everything that needs a decision, with the verbs that mend it.
pub(crate) fn needed(needed: &[Needed]) {
    if needed.is_empty() {
        return note("Nothing needs a decision.");
    }
    let heads = ["Status", "Migration ID", "Migration name", "Mended by"].map(|head| (head, Align::Left));
    let mut table = Table::new(&heads);
    for one in needed {
        let verbs: Vec<_> = one.verbs.iter().map(ToString::to_string).collect();
        table.row([
            word::state(one.state, one.partial.as_ref()),
            one.version.to_string(),
            one.name.clone().unwrap_or_default(),
            verbs.join(", "),
        ]);
        one.notes.iter().for_each(|text| table.under(text));
    }
    table.print();
    note("evaldesk migrate repair VERSION VERB shows what it would do, and asks.");
}

/// Before the question: no part of the result.
pub(crate) fn repair(plan: &RepairPlan) {
    note(&tame(&plan.outcome));
    plan.prepare.iter().chain(&plan.statements).for_each(|sql| note(&tame(&format!("  {sql}"))));
    plan.files.iter().for_each(|file| note(&tame(&format!("  writes {}", file.path.display()))));
    plan.notices.iter().for_each(|text| note(&tame(text)));
}
