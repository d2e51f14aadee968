//! What is slow and what would help, put into a report.

use super::report::ExplainReport;
use super::run::Explaining;
use super::warning::{Evidence, warnings};
use super::{alternative, index};
use crate::Result;

impl Explaining<'_> {
    pub(super) async fn advise(&mut self, report: &mut ExplainReport) -> Result<()> {
        let tables = self.tables(&report.plan).await?;
        let without = self.without_seq_scan(&report.plan).await?;
        let whole = self.request.without_seq_scan;
        report.without_seq_scan =
            without.as_ref().map(|without| alternative::compare(report, without, whole));
        report.rewrite = self.rewrite(report, &tables).await?;
        let evidence = Evidence {
            plan: &report.plan,
            tables: &tables,
            settings: &self.settings,
            without: without.as_ref(),
            alternative: report.without_seq_scan.as_ref(),
            rewrite: report.rewrite.as_ref(),
            major: self.options.major,
        };
        let found = warnings(&evidence);
        let wanted = index::candidates(&evidence);
        report.warnings = found;
        report.indexes = self.checked(wanted, report).await?;
        Ok(())
    }
}
