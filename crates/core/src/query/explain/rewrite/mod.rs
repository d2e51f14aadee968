//! `column ->> 'key' = 'value'` as `column @> '{"key": "value"}'`, and `is not null` as `?`: what a GIN index on the
//! column can serve.
//!
//! The two are not always the same: `->>` makes text of whatever is there, `@>` compares values. So a rewrite is only
//! offered for use after both were run on one snapshot and gave the same rows.

mod chain;
mod check;
mod find;
mod gain;
mod json;

use super::asked::Asked;
use super::facts::{Index, Table, Tables};
use super::plan::ExplainNode;
use super::report::{ExplainCheck, ExplainRan, ExplainReport, ExplainRewrite, ExplainShown};
use super::run::Explaining;
use super::session::May;
use crate::Result;
use crate::query::offset::units_before;
use find::{Arrow, Test};
use json::Instead;

/// A comparison that could be written so that an index serves it.
struct Candidate {
    node: u32,
    /// The GIN index.
    index: String,
    arrow: Arrow,
}

impl Explaining<'_> {
    /// The heaviest comparison of this kind, rewritten; checked and measured where the statement was run.
    pub(super) async fn rewrite(
        &mut self,
        report: &ExplainReport,
        tables: &Tables,
    ) -> Result<Option<ExplainRewrite>> {
        let Some(candidate) = self.candidate(report, tables) else { return Ok(None) };
        let mut first = None;
        let before = &self.asked.chosen.sql[candidate.arrow.start..candidate.arrow.end];
        for instead in json::instead(&candidate.arrow, before, &self.request.parameters) {
            let Some(found) = self.tried(report, &candidate, &instead).await? else { return Ok(None) };
            if matches!(found.check, ExplainCheck::Same { .. } | ExplainCheck::NotChecked { .. }) {
                return Ok(Some(found));
            }
            first = first.or(Some(found));
        }
        Ok(first)
    }

    fn candidate(&self, report: &ExplainReport, tables: &Tables) -> Option<Candidate> {
        let arrows = find::arrows(&self.asked.chosen.sql);
        let mut scans: Vec<&ExplainNode> =
            report.plan.nodes.iter().filter(|node| node.kind == "Seq Scan" && node.ran()).collect();
        scans.sort_by(|one, other| other.share().total_cmp(&one.share()));
        scans.into_iter().find_map(|node| {
            let table = tables.of_node(node).filter(|table| !table.is_small(&self.settings))?;
            let arrow = arrows.iter().find(|arrow| is_in(arrow, node))?;
            let index = gin(table, arrow)?.name.clone();
            Some(Candidate { node: node.id, index, arrow: arrow.clone() })
        })
    }

    /// Nothing where the planner would not take the index for it either: beside an `or`, or where it knows that most
    /// rows match.
    async fn tried(
        &mut self,
        report: &ExplainReport,
        candidate: &Candidate,
        instead: &Instead,
    ) -> Result<Option<ExplainRewrite>> {
        let Arrow { start, end, .. } = &candidate.arrow;
        let original = self.asked.clone();
        let sql = &original.chosen.sql;
        let after = instead.condition.clone();
        let rewritten = format!("{}{after}{}", &sql[..*start], &sql[*end..]);
        let asked = original.with_sql(rewritten.clone());
        let Some(planned) = self.served(&asked, &candidate.index).await? else { return Ok(None) };
        let check = self.check(report, &original, &asked).await?;
        let gain = match check {
            ExplainCheck::Different { .. } => None,
            _ => Some(self.gain(report, &asked, planned).await?),
        };
        let at = |byte: usize| units_before(&self.request.text, original.chosen.start + byte);
        Ok(Some(ExplainRewrite {
            node: candidate.node,
            index: format!("The GIN index {} on {}", candidate.index, candidate.arrow.path.column),
            before: sql[*start..*end].to_owned(),
            after,
            from: at(*start),
            to: at(*end),
            sql: rewritten,
            note: instead.note.map(str::to_owned),
            check,
            gain,
        }))
    }

    /// Its plan, if the planner uses an index for it. What cannot be planned is no rewrite.
    async fn served(&mut self, asked: &Asked, index: &str) -> Result<Option<ExplainShown>> {
        let Ok(json) = self.planned_as(asked, false).await else { return Ok(None) };
        let shown = self.shown(json)?;
        let uses = shown.plan.nodes.iter().any(|node| node.index.as_deref() == Some(index));
        Ok(uses.then_some(shown))
    }

    async fn check(
        &mut self,
        report: &ExplainReport,
        original: &Asked,
        rewritten: &Asked,
    ) -> Result<ExplainCheck> {
        if self.permit.may == May::Write {
            return Ok(not_checked("A write is not run to be compared."));
        }
        if report.stopped.is_some() {
            return Ok(not_checked("It was stopped itself: there are no rows to compare with."));
        }
        if report.ran == ExplainRan::Planned {
            return Ok(not_checked("Explain it with ANALYZE: then both are run and their rows compared."));
        }
        check::check(&mut self.explainer, original, rewritten, self.limit_ms).await
    }
}

fn not_checked(why: &str) -> ExplainCheck {
    ExplainCheck::NotChecked { why: why.to_owned() }
}

/// Whether the condition is what the node filters by. The server may spell it otherwise (`= ANY`, a parameter's value),
/// but it takes the same keys out of the same column.
fn is_in(arrow: &Arrow, node: &ExplainNode) -> bool {
    let Some(filter) = node.condition("Filter") else { return false };
    let path = &arrow.path;
    let alias_fits =
        path.qualifier.is_none() || path.qualifier == node.alias || path.qualifier == node.relation;
    let spelled = |text: &str| format!("'{}'::text", text.replace('\'', "''"));
    alias_fits
        && filter.contains("->")
        && filter.contains(&path.column)
        && path.keys.iter().all(|key| filter.contains(&spelled(key)))
}

/// A GIN index that answers the question for every row of the table: of paths alone one that knows no keys.
fn gin<'a>(table: &'a Table, arrow: &Arrow) -> Option<&'a Index> {
    let column = arrow.path.column.as_str();
    table.column(column).filter(|column| column.type_name == "jsonb")?;
    table.indexes.iter().find(|index| {
        let first = index.columns.as_ref().and_then(|columns| columns.first().cloned().flatten());
        let class = index.classes.as_ref().and_then(|classes| classes.first());
        let answers =
            |class: &str| class == "jsonb_ops" || (class == "jsonb_path_ops" && arrow.test != Test::Exists);
        index.method == "gin"
            && index.valid
            && !index.partial
            && first.as_deref() == Some(column)
            && class.is_some_and(|class| answers(class))
    })
}
