//! A hash that did not fit: a join in several batches, an aggregate that wrote aside.

use super::{Evidence, about};
use crate::query::explain::plan::{ExplainHash, ExplainNode};
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let spilled = |node: &&ExplainNode| {
        node.hash.is_some_and(|hash| hash.batches > 1 || hash.disk_bytes > 0) && node.ran()
    };
    let measured = evidence.plan.nodes.iter().filter(|node| node.measured.is_some());
    measured.filter(spilled).filter_map(|node| Some(one(evidence, node, node.hash?))).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn one(evidence: &Evidence<'_>, node: &ExplainNode, hash: ExplainHash) -> ExplainWarning {
    let whole = hash.bytes * hash.batches.max(1) + hash.disk_bytes;
    let needed = words::rounded_up((whole as f64 / evidence.settings.hash_mem_multiplier.max(1.0)) as u64);
    let title = match hash.disk_bytes {
        0 => format!("The hash went to disk in {} batches.", hash.batches),
        bytes => format!("The aggregate spilled {} to disk.", words::bytes(bytes)),
    };
    let grew = if hash.planned_batches > 0 && hash.batches > hash.planned_batches {
        format!(" {} were planned: it grew beyond the guess.", hash.planned_batches)
    } else {
        String::new()
    };
    let text = format!(
        "work_mem is {}, and a hash may take {} times that; it would need about {}.{grew}",
        words::bytes(evidence.settings.work_mem.unsigned_abs()),
        evidence.settings.hash_mem_multiplier,
        words::bytes(needed)
    );
    about("spilled_hash", node, title, text)
        .with_sql(format!("set work_mem = '{}MB';", (needed >> 20).max(1)))
}
