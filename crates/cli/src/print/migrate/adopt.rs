//! What adopting would write down, and what it stands on.

use evaldesk_api::core::migrate::{AdoptPlan, AdoptVerdict, AdoptVersion, BoundBy, FoundTool};

use super::word;
use crate::print::{Align, Table, count, line, note, tame};

/// The tools, then every version of ours with what became of it here.
pub(crate) fn adopt(plan: &AdoptPlan) {
    plan.tools.iter().for_each(|found| line(&tame(&tool(found))));
    let mut table = Table::new(&["Here", "Migration ID", "Migration name"].map(|head| (head, Align::Left)));
    for version in &plan.versions {
        let (word, why) = verdict(version);
        table.row([word.to_owned(), version.version.to_string(), version.name.clone()]);
        why.iter().chain(&version.notes).for_each(|text| table.under(text));
    }
    table.print();
    plan.makes_ledger.iter().chain(&plan.records).for_each(|statement| line(&tame(statement)));
    plan.notices.iter().chain(&plan.blocked).for_each(|text| note(&tame(text)));
    note(&match plan.binds() {
        0 => "Nothing would be written down.".to_owned(),
        some => {
            let versions = word::many(some as u64, "version", "versions");
            format!("{versions} would be written down, nothing run: evaldesk migrate adopt --apply")
        }
    });
}

fn tool(found: &FoundTool) -> String {
    let certain = if found.certain { "" } else { " (or Evaldesk itself)" };
    let applied = count(found.applied.into());
    let newest = found.newest.as_deref().map(|newest| format!(", newest {newest}")).unwrap_or_default();
    let problem = found.problem.as_deref().map(|problem| format!("; {problem}")).unwrap_or_default();
    format!(
        "{}{certain} in {}: {applied} applied{newest}; {}{problem}",
        found.tool, found.table, found.evidence
    )
}

fn verdict(version: &AdoptVersion) -> (&'static str, Option<String>) {
    match &version.verdict {
        AdoptVerdict::Recorded => ("recorded", None),
        AdoptVerdict::Binds { by: BoundBy::Verify } => ("MATCHES, by its verify file", None),
        AdoptVerdict::Binds { by: BoundBy::Fingerprint } => ("MATCHES, by what it makes", None),
        AdoptVerdict::Binds { by: BoundBy::Checksum } => ("MATCHES, by its checksum", None),
        AdoptVerdict::Differs { why } => ("DIFFERS", Some(why.clone())),
        AdoptVerdict::NotThere { why } => ("not there", Some(why.clone())),
        AdoptVerdict::Unknown { why } => ("unknown", Some(why.clone())),
    }
}
