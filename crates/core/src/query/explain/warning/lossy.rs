//! A bitmap that had no room to remember rows, and remembered pages: every row of them is looked at again.

use super::{Evidence, about};
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

#[allow(clippy::cast_precision_loss)]
pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let lossy = evidence.plan.nodes.iter().filter_map(|node| Some((node, node.heap?)));
    let lossy = lossy.filter(|(node, heap)| heap.lossy_blocks > 0 && node.kind == "Bitmap Heap Scan");
    lossy
        .map(|(node, heap)| {
            let loops = node.measured.as_ref().map_or(1.0, |measured| measured.loops);
            let title = format!(
                "The bitmap was too large for work_mem: {} pages are lossy.",
                words::count(heap.lossy_blocks as f64)
            );
            let text = format!(
                "{} rows of them were looked at again for nothing. work_mem is {}.",
                words::count(heap.removed_by_recheck as f64 * loops),
                words::bytes(evidence.settings.work_mem.unsigned_abs())
            );
            let more = words::rounded_up(evidence.settings.work_mem.unsigned_abs() * 4);
            about("lossy_bitmap", node, title, text)
                .with_sql(format!("set work_mem = '{}MB';", (more >> 20).max(1)))
        })
        .collect()
}
