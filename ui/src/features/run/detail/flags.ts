/** What a reader should know before believing a result, in a sentence each. */
import type { ResultFlag, ResultRow } from '$lib/ipc';

const WORDS: Record<ResultFlag, string> = {
  latency_not_measured: 'Its latency is a placeholder, not a measurement.',
  judge_unparsed: "The judge's answer could not be parsed: RAAF wrote 0.5 throughout. It is not in the mean.",
  judge_failed: 'The judge failed on it.',
  judge_skipped: 'The judge was not asked.',
  span_missing: 'Its span is not there: what it answered cannot be shown.',
  left_running: 'It says running, and a later result of its configuration has ended: RAAF leaves it open after a retry.',
  other_runs_configuration: 'Its configuration belongs to another run.',
  regression_detected: 'RAAF flag: tokens or latency grew by more than half. That says nothing about quality.',
  unknown_status: '',
  malformed_metrics: 'A metric column holds something other than an object.',
};

export const flagWords = (flag: ResultFlag, row: ResultRow): string =>
  flag === 'unknown_status' ? `Its status “${row.status}” is not one of RAAF's; it is shown as it is.` : (WORDS[flag] ?? flag);
