/** The strip above a run: counts before means, means with how many they hold. */
import { percentDelta, scoreDelta } from '$lib/eval/delta';
import { isOutcome, OUTCOMES } from '$lib/eval/outcome';
import { count, DASH, duration, moment, number, plural, score, stamp } from '$lib/format';
import type { Measures, RunRow } from '$lib/ipc';
import type { KeyFigure, StatusKind } from '$lib/ui';

export function runFigures(run: RunRow, narrow = false): KeyFigure[] {
  const { measures } = run;
  return [
    outcome(run),
    ended(measures, narrow),
    scored(measures),
    tokens(measures),
    latency(measures),
    took(run, narrow),
  ];
}

function outcome(run: RunRow): KeyFigure {
  const words = isOutcome(run.outcome) ? OUTCOMES[run.outcome] : OUTCOMES.unknown;
  const value = run.outcome === 'unknown' ? run.status || 'empty status' : words.label;
  return { label: 'Outcome, derived', value, status: words.kind as StatusKind, title: words.title };
}

function ended(measures: Measures, narrow: boolean): KeyFigure {
  const title = `${plural(measures.resultsCompleted, 'result')} of ${count(measures.results)} ended without an error, ${count(measures.resultsFailed)} failed`;
  // Two figures of four digits do not stand side by side in a narrow window.
  const unit = narrow && measures.results >= 1000 ? undefined : `of ${count(measures.results)}`;
  return { label: 'Results', value: count(measures.resultsCompleted), unit, title };
}

const known = (delta: { text: string; kind: KeyFigure['unitKind'] | null }) =>
  delta.kind === null ? {} : { unit: delta.text, unitKind: delta.kind };

function scored(measures: Measures): KeyFigure {
  const title = `Mean of ${count(measures.scoreCount)}; ${count(measures.scoreSetAside)} set aside, the judge's answer could not be parsed`;
  return { label: 'Judge score', value: score(measures.scoreMean), ...known(scoreDelta(measures.scoreDelta)), title };
}

function tokens(measures: Measures): KeyFigure {
  const title = `Mean of ${count(measures.tokensCount)}; lower is better`;
  return { label: 'Tokens', value: number(measures.tokensMean, 0), ...known(percentDelta(measures.tokensDeltaPercent)), title };
}

function latency(measures: Measures): KeyFigure {
  const title = `Median of ${count(measures.latencyCount)}; ${count(measures.latencyNotMeasured)} not measured`;
  if (measures.latencyP50Ms === null) {
    return { label: 'Latency p50', value: DASH, unit: measures.latencyNotMeasured > 0 ? 'not measured' : undefined, title };
  }
  return { label: 'Latency p50', value: duration(measures.latencyP50Ms), ...known(percentDelta(measures.latencyDeltaPercent)), title };
}

function took(run: RunRow, narrow: boolean): KeyFigure {
  const title = [run.startedAt && `Started ${stamp(run.startedAt)}`, run.completedAt && `completed ${stamp(run.completedAt)}`].filter(Boolean).join(', ');
  return { label: 'Took', value: duration(run.durationMs), unit: run.completedAt && !narrow ? moment(run.completedAt) : undefined, title: title || 'The row says neither when it started nor when it ended' };
}
