//! Indexes that would help, as SQL, shown to the planner by HypoPG where that is installed.
//!
//! One is thought of for a sequential scan of a large table that throws nearly all of it away and has no index to use, and
//! for one whose rows are sorted for the sake of a few; and for the order of what a filter leaves, where sorting that takes
//! its part.
//! HypoPG makes an index that only the planner sees (<https://hypopg.readthedocs.io>): what it would not take is no advice.

mod candidate;
mod hypothetical;
mod key;
mod order;
mod rules;
mod sorted;

pub(super) use candidate::Candidate;
pub(super) use rules::candidates;

use super::asked::Asked;
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
        let (asked, cost_before) = self.served_by(&candidate, report);
        let json = self.planned_as(&asked, false).await;
        made.forget(self.explainer.session(), &schema).await?;
        let plan = self.plan_of(&json?)?;
        let takes = plan.nodes.iter().any(|node| node.index.as_deref() == Some(made.name.as_str()));
        let check = ExplainIndexCheck::Taken { cost_before, cost: plan.cost };
        Ok((takes && plan.cost < cost_before).then(|| candidate.found(made.bytes, check)))
    }

    /// The statement that an index is for, and what it costs without: as it stands, or rewritten.
    fn served_by(&self, candidate: &Candidate, report: &ExplainReport) -> (Asked, f64) {
        let rewrite = report.rewrite.as_ref().filter(|_| candidate.rewritten);
        match rewrite.and_then(|rewrite| Some((rewrite, rewrite.gain.as_ref()?))) {
            Some((rewrite, gain)) => (self.asked.with_sql(rewrite.sql.clone()), gain.cost),
            None => (self.asked.clone(), report.plan.cost),
        }
    }
}
