//! Every dirty state that real evaluation databases hold, and where in the history each is put.
//!
//! Nothing here is chance: a state has a place in a cycle of runs or of results, so at the default size each one
//! is there, and `DemoOutcome::dirt` counts what was written. Each state is a check's true positive.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing that is wrong in the history, as real writers get it wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Dirt {
    /// A run `running` since weeks: its process died.
    RunStuckRunning,
    /// A run `pending` with a baseline, no configuration and no result.
    RunPendingEmpty,
    /// A run `completed` in which every result failed.
    RunAllFailed,
    /// A run `completed` in which one configuration failed throughout.
    RunPartlyFailed,
    /// A run `failed` with no result, so with no error text anywhere.
    RunFailedWithoutReason,
    /// A run `cancelled` halfway.
    RunCancelled,
    /// A run whose name has more than 300 characters.
    RunLongName,
    /// A run whose name holds quotes, markup, right-to-left text, emoji or a newline.
    RunHostileName,
    /// A run with a status outside the list, `error`.
    RunUnknownStatus,
    /// A run whose metadata is SQL NULL.
    RunMetadataNull,
    /// A run whose baseline_span_id matches no span.
    RunBaselineDangling,
    /// A run that shares its baseline with another run.
    RunBaselineShared,
    /// A run whose configurations all have execution_order 0.
    RunOrderTies,
    /// A configuration with a type outside the list, `tool_change`.
    ConfigurationUnknownType,
    /// A configuration whose metadata is SQL NULL.
    ConfigurationMetadataNull,
    /// A configuration whose changes are JSON, but no object.
    ConfigurationChangesNotObject,
    /// A result `running` for ever; a failed one for the same configuration stands beside it.
    ResultStuckRunning,
    /// The failed second result of such a pair, with a span id that was made up.
    ResultDuplicateFailed,
    /// A completed result whose result_span_id matches no span.
    ResultSpanDangling,
    /// A result with a status outside the list, `error`.
    ResultUnknownStatus,
    /// A result with an ai_comparison_status outside the list, `timeout`.
    ResultUnknownAiStatus,
    /// A latency that is the constant `{"total_ms": 1000}`.
    LatencyPlaceholder,
    /// A latency of 0 ms, -100 %: not measured.
    LatencyNotMeasured,
    /// A baseline of 0 tokens: the span had none recorded.
    BaselineTokensZero,
    /// A judge whose answer could not be parsed: every score 0.5.
    JudgeUnparsed,
    /// A judge that failed.
    JudgeFailed,
    /// A judge that was skipped.
    JudgeSkipped,
    /// Metric columns that are SQL NULL.
    MetricSqlNull,
    /// Metric columns that are JSON null.
    MetricJsonNull,
    /// A metric column that is an array.
    MetricArray,
    /// A metric column that is a string.
    MetricString,
    /// Metrics whose numbers are strings.
    MetricNumbersAsText,
    /// A statistic of no variance: null and "NaN" where numbers are expected.
    StatisticsNotANumber,
    /// A result whose run is another than its configuration's run.
    ResultOfAnotherRun,
    /// An error with a backtrace of several hundred lines.
    ResultLongBacktrace,
    /// A span that no run and no result refers to.
    SpanOrphan,
    /// A span with a source outside the list, `production`.
    SpanUnknownSource,
    /// A span with a type outside the list, `generation`.
    SpanUnknownType,
    /// A span whose data is JSON, but no object.
    SpanDataNotObject,
}

impl Dirt {
    /// Every state, in the order of the counts.
    pub const ALL: [Self; 39] = {
        use Dirt::*;
        [
            RunStuckRunning,
            RunPendingEmpty,
            RunAllFailed,
            RunPartlyFailed,
            RunFailedWithoutReason,
            RunCancelled,
            RunLongName,
            RunHostileName,
            RunUnknownStatus,
            RunMetadataNull,
            RunBaselineDangling,
            RunBaselineShared,
            RunOrderTies,
            ConfigurationUnknownType,
            ConfigurationMetadataNull,
            ConfigurationChangesNotObject,
            ResultStuckRunning,
            ResultDuplicateFailed,
            ResultSpanDangling,
            ResultUnknownStatus,
            ResultUnknownAiStatus,
            LatencyPlaceholder,
            LatencyNotMeasured,
            BaselineTokensZero,
            JudgeUnparsed,
            JudgeFailed,
            JudgeSkipped,
            MetricSqlNull,
            MetricJsonNull,
            MetricArray,
            MetricString,
            MetricNumbersAsText,
            StatisticsNotANumber,
            ResultOfAnotherRun,
            ResultLongBacktrace,
            SpanOrphan,
            SpanUnknownSource,
            SpanUnknownType,
            SpanDataNotObject,
        ]
    };

    /// What is wrong with the run at this place. The last run is always a sound one.
    pub(super) fn of_run(index: u32, runs: u32) -> Option<Self> {
        if index + 1 == runs {
            return None;
        }
        Some(match (index % 60, index % 150) {
            (_, 75) => Self::RunLongName,
            (_, 110) => Self::RunUnknownStatus,
            (4, _) => Self::RunStuckRunning,
            (9, _) => Self::RunPendingEmpty,
            (14, _) => Self::RunAllFailed,
            (19 | 44, _) => Self::RunPartlyFailed,
            (24, _) => Self::RunFailedWithoutReason,
            (29, _) => Self::RunCancelled,
            (34 | 54, _) => Self::RunHostileName,
            (39, _) => Self::RunBaselineDangling,
            (42, _) => Self::RunBaselineShared,
            (49, _) => Self::RunOrderTies,
            (57, _) => Self::RunMetadataNull,
            _ => return None,
        })
    }

    /// What is wrong with the configuration of this number.
    pub(super) fn of_configuration(number: u64) -> Option<Self> {
        Some(match number % 240 {
            60 => Self::ConfigurationUnknownType,
            120 | 180 => Self::ConfigurationMetadataNull,
            200 => Self::ConfigurationChangesNotObject,
            _ => return None,
        })
    }

    /// What is wrong with the result of this number. About one in ten.
    pub(super) fn of_result(number: u64) -> Option<Self> {
        Some(match number % 200 {
            5 => Self::ResultStuckRunning,
            12 => Self::ResultSpanDangling,
            19 => Self::ResultUnknownStatus,
            26 => Self::ResultUnknownAiStatus,
            33 | 133 => Self::LatencyPlaceholder,
            40 | 140 => Self::LatencyNotMeasured,
            47 => Self::BaselineTokensZero,
            54 => Self::JudgeUnparsed,
            61 => Self::JudgeFailed,
            68 => Self::JudgeSkipped,
            75 => Self::MetricSqlNull,
            90 => Self::MetricJsonNull,
            97 => Self::MetricArray,
            104 => Self::MetricString,
            111 => Self::MetricNumbersAsText,
            118 => Self::StatisticsNotANumber,
            147 => Self::ResultOfAnotherRun,
            154 => Self::ResultLongBacktrace,
            _ => return None,
        })
    }

    /// The stray span written after the run at this place.
    pub(super) fn of_stray_span(index: u32) -> Option<Self> {
        Some(match index % 20 {
            3 | 11 => Self::SpanOrphan,
            7 => Self::SpanUnknownSource,
            15 => Self::SpanUnknownType,
            18 => Self::SpanDataNotObject,
            _ => return None,
        })
    }
}

/// How often one state was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DirtCount {
    pub state: Dirt,
    #[ts(type = "number")]
    pub count: u64,
}

/// Counts while writing.
#[derive(Debug, Clone)]
pub(super) struct Tally([u64; Dirt::ALL.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; Dirt::ALL.len()])
    }
}

impl Tally {
    /// One more.
    pub(super) fn add(&mut self, dirt: Dirt) {
        self.0[dirt as usize] += 1;
    }

    /// Every state with its count, zero included.
    pub(super) fn counts(&self) -> Vec<DirtCount> {
        Dirt::ALL.iter().map(|&state| DirtCount { state, count: self.0[state as usize] }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_the_order_of_the_declaration() {
        assert!(Dirt::ALL.iter().enumerate().all(|(at, dirt)| *dirt as usize == at));
    }
}
