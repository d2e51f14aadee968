//! Workers that were planned and could not be had.

use super::{Evidence, about};
use crate::query::explain::report::ExplainWarning;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let gathers = evidence.plan.nodes.iter().filter_map(|node| {
        let (planned, launched) = (node.workers_planned?, node.workers_launched?);
        (launched < planned).then_some((node, planned, launched))
    });
    gathers
        .map(|(node, planned, launched)| {
            let title = format!("{launched} of {planned} workers were there.");
            let text = "The others were busy: max_parallel_workers is for the whole server. The plan was made for all of them.";
            let mut warning = about("workers", node, title, text.to_owned());
            warning.weight = warning.weight.max(0.1);
            warning
        })
        .collect()
}
