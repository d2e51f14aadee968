//! What a rewrite comes to: run just as the statement was, its figures beside the statement's.
//!
//! It runs after the statement, and finds in the cache what the statement had to fetch. So the bytes that are touched,
//! wherever they were, count as much as the time, and a first run that went to disk is said to have.

use crate::query::explain::asked::Asked;
use crate::query::explain::plan::{ExplainBuffers, ExplainPlan};
use crate::query::explain::report::{
    ExplainGain, ExplainMeasuredGain, ExplainRan, ExplainReport, ExplainShown, ExplainVerdict,
};
use crate::query::explain::run::Explaining;
use crate::query::explain::session::May;
use crate::query::explain::words;
use crate::{Error, ErrorKind, Result};

/// Less than a tenth more is noise.
const NOISE: f64 = 1.1;
/// So is less than this, in milliseconds: a busy machine takes as much from whoever runs.
const NOISE_MS: f64 = 50.0;
/// From this part of it on, what the first run had from disk is worth a word.
const FROM_DISK: f64 = 0.1;

impl Explaining<'_> {
    /// Runs it where the statement was run, in the same kind of transaction and within the same limit. A write is run no
    /// more often than a person asked.
    pub(super) async fn gain(
        &mut self,
        report: &ExplainReport,
        asked: &Asked,
        planned: ExplainShown,
    ) -> Result<ExplainGain> {
        let guessed = guessed(report, planned);
        if report.ran == ExplainRan::Planned || self.permit.may == May::Write {
            return Ok(guessed);
        }
        match self.measured_as(asked, false).await {
            Ok(json) => Ok(self.measured_gain(report, self.shown(json)?)),
            Err(error) if self.explainer.was_cancelled() => Err(error),
            Err(error) => Ok(ExplainGain {
                verdict: if report.stopped.is_some() { guessed.verdict } else { ExplainVerdict::Worse },
                words: self.not_run(&error),
                ..guessed
            }),
        }
    }

    fn measured_gain(&self, report: &ExplainReport, shown: ExplainShown) -> ExplainGain {
        let (before, after) = (&report.plan, &shown.plan);
        let measured = ExplainMeasuredGain {
            ms_before: before.execution_ms.unwrap_or_else(|| self.limit_ms.into()),
            before_stopped: before.execution_ms.is_none(),
            ms: after.execution_ms.unwrap_or_default(),
            touched_before: touched(before).filter(|_| before.execution_ms.is_some()),
            touched: touched(after),
        };
        let worse = worse(&measured);
        let verdict = if worse.is_some() { ExplainVerdict::Worse } else { ExplainVerdict::Better };
        let words = worse.or_else(|| cached(before.buffers, after.buffers)).unwrap_or_default();
        ExplainGain { verdict, words, measured: Some(measured), ..guessed(report, shown) }
    }

    fn not_run(&self, error: &Error) -> String {
        match error.kind() {
            ErrorKind::Cancelled => format!(
                "It was stopped after {}, the limit of this connection.",
                words::duration(f64::from(self.limit_ms))
            ),
            _ => format!("It could not be run: {error}."),
        }
    }
}

fn guessed(report: &ExplainReport, shown: ExplainShown) -> ExplainGain {
    ExplainGain {
        verdict: ExplainVerdict::Guessed,
        words: String::new(),
        cost_before: report.plan.cost,
        cost: shown.plan.cost,
        measured: None,
        shown,
    }
}

/// Counted where something was touched: every plan that reads a table touches it.
fn touched(plan: &ExplainPlan) -> Option<u64> {
    plan.buffers.map(|buffers| buffers.touched())
}

/// What is worse, in words.
#[allow(clippy::cast_precision_loss)]
fn worse(gain: &ExplainMeasuredGain) -> Option<String> {
    let slower = gain.ms > gain.ms_before * NOISE && gain.ms - gain.ms_before > NOISE_MS;
    let more = gain
        .touched_before
        .zip(gain.touched)
        .is_some_and(|(before, after)| after as f64 > before as f64 * NOISE);
    let what = match (slower, more) {
        (true, true) => "slower and reads more",
        (true, false) => "slower",
        (false, true) => "no better: it reads more",
        (false, false) => return None,
    };
    Some(format!("The rewrite is {what}, so it is not advised."))
}

/// That the first run went to disk for what the second found in the cache.
#[allow(clippy::cast_precision_loss)]
fn cached(before: Option<ExplainBuffers>, after: Option<ExplainBuffers>) -> Option<String> {
    let part = |buffers: &ExplainBuffers| buffers.read as f64 / (buffers.touched().max(1)) as f64;
    let (before, after) = before.zip(after)?;
    (part(&before) >= FROM_DISK && part(&after) < part(&before) / 2.0).then(|| {
        format!(
            "The first run had {} from disk, the rewrite found what it reads in the cache: some of the time is owed to that.",
            words::bytes(before.read)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain(ms_before: f64, ms: f64, touched_before: Option<u64>, touched: Option<u64>) -> Option<String> {
        worse(&ExplainMeasuredGain { ms_before, before_stopped: false, ms, touched_before, touched })
    }

    #[test]
    fn slower_and_more_are_said_and_noise_is_not() {
        assert_eq!(gain(100.0, 20.0, Some(4_000), Some(300)), None);
        assert_eq!(gain(100.0, 105.0, Some(4_000), Some(4_200)), None);
        assert_eq!(gain(0.2, 30.0, None, None), None, "nobody notices");
        let said = |found: Option<String>| found.unwrap();
        assert!(said(gain(1_000.0, 1_200.0, None, None)).contains("is slower, so"));
        assert!(said(gain(100.0, 20.0, Some(4_000), Some(8_000))).contains("reads more"));
        assert!(said(gain(100.0, 200.0, Some(1), Some(2))).contains("slower and reads more"));
    }

    #[test]
    fn a_first_run_from_disk_is_said_to_have_been() {
        let of = |hit, read| Some(ExplainBuffers { hit, read, ..ExplainBuffers::default() });
        assert!(cached(of(10, 90), of(10, 0)).unwrap().contains("90 B from disk"));
        assert_eq!(cached(of(95, 5), of(10, 0)), None);
        assert_eq!(cached(of(10, 90), of(1, 9)), None, "both went to disk");
        assert_eq!(cached(None, of(1, 0)), None);
    }
}
