//! What is slow and what would help, put into a report.

use super::report::ExplainReport;
use super::run::Explaining;
use super::warning::{Evidence, warnings};
use super::{alternative, index};
use crate::Result;

impl Explaining<'_> {
    pub(super) async fn advise(&mut self, report: &mut ExplainReport) -> Result<()> {
        let measured = report.plan.execution_ms.is_some();
        let tables = self.tables(&report.plan).await;
        let tables = self.kept(measured, tables)?;
        let without = self.without_seq_scan(&report.plan).await;
        let without = self.kept(measured, without)?;
        let whole = self.request.without_seq_scan;
        report.without_seq_scan =
            without.as_ref().map(|without| alternative::compare(report, without, whole));
        let rewrite = self.rewrite(report, &tables).await;
        report.rewrite = self.kept(measured, rewrite)?;
        let evidence = Evidence {
            plan: &report.plan,
            tables: &tables,
            settings: &self.settings,
            without: without.as_ref().map(|without| &without.plan),
            alternative: report.without_seq_scan.as_ref(),
            rewrite: report.rewrite.as_ref(),
            parameters: report.parameters,
            major: self.options.major,
        };
        let found = warnings(&evidence);
        let wanted = index::candidates(&evidence);
        report.warnings = found;
        let indexes = self.checked(wanted, report).await;
        report.indexes = self.kept(measured, indexes)?;
        Ok(())
    }

    /// What was looked for beside the plan. Where a person has stopped that, a statement that was measured keeps what was
    /// measured, and nothing is said of what was on its way.
    fn kept<T: Default>(&self, measured: bool, found: Result<T>) -> Result<T> {
        if measured && self.explainer.was_cancelled() { Ok(T::default()) } else { found }
    }
}
