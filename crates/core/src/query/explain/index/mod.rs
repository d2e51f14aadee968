//! Indexes that would help, as SQL, shown to the planner by HypoPG where that is installed.
//!
//! One is thought of for a sequential scan of a large table that throws nearly all of it away and has no index to use, and
//! for one whose rows are sorted for the sake of a few.
//! HypoPG makes an index that only the planner sees (<https://hypopg.readthedocs.io>): what it would not take is no advice.

mod candidate;
mod hypothetical;
mod order;

pub(super) use candidate::{Candidate, candidates};

use super::report::{ExplainIndex, ExplainIndexCheck, ExplainReport};
use super::run::Explaining;
use crate::Result;
use hypothetical::Hypothetical;

impl Explaining<'_> {
    /// Checks what can be checked; what the planner would not take is left out.
    pub(super) async fn checked(
        &mut self,
        candidates: Vec<Candidate>,
        report: &ExplainReport,
    ) -> Result<Vec<ExplainIndex>> {
        let mut found = Vec::new();
        for candidate in candidates {
            found.extend(self.one(candidate, report).await?);
        }
        Ok(found)
    }

    async fn one(&mut self, candidate: Candidate, report: &ExplainReport) -> Result<Option<ExplainIndex>> {
        let Some(schema) = self.settings.hypopg.clone() else {
            return Ok(Some(candidate.unchecked("HypoPG is not installed in this database.")));
        };
        if candidate.method != "btree" {
            return Ok(Some(candidate.unchecked("HypoPG has no GIN indexes.")));
        }
        let made = Hypothetical::make(self.explainer.session(), &schema, &candidate).await;
        let Ok(made) = made else {
            return Ok(Some(candidate.unchecked("HypoPG could not make it.")));
        };
        let json = self.planned(false).await;
        made.forget(self.explainer.session(), &schema).await?;
        let plan = self.plan_of(&json?)?;
        let takes = plan.nodes.iter().any(|node| node.index.as_deref() == Some(made.name.as_str()));
        let cheaper = plan.cost < report.plan.cost;
        let check = ExplainIndexCheck::Taken { cost_before: report.plan.cost, cost: plan.cost };
        Ok((takes && cheaper).then(|| candidate.found(made.bytes, check)))
    }
}
