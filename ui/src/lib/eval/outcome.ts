/** What a run came to, in words and marks. The stored status is the server's word; the outcome is derived from it. */
import type { Outcome } from '../ipc';
import type { IconName, StatusKind } from '../ui';

interface OutcomeWords {
  label: string;
  kind: StatusKind;
  icon?: IconName;
  title: string;
}

export const OUTCOMES: Record<Outcome, OutcomeWords> = {
  completed: { label: 'completed', kind: 'ok', title: 'It ended, and nothing failed' },
  partly_failed: { label: 'partly failed', kind: 'attention', title: 'It ended, some results failed' },
  all_failed: { label: 'all failed', kind: 'failed', title: 'It ended, every result failed' },
  running: { label: 'running', kind: 'running', title: 'It is under way' },
  stuck: { label: 'stuck', kind: 'attention', icon: 'clock', title: 'It says running, and nothing has changed for long' },
  pending: { label: 'pending', kind: 'skipped', icon: 'pending', title: 'It has not begun' },
  failed: { label: 'failed', kind: 'failed', title: 'The run itself broke' },
  cancelled: { label: 'cancelled', kind: 'skipped', title: 'Somebody set it to cancelled' },
  unknown: { label: 'unknown', kind: 'unknown', title: 'A status that RAAF does not know; it is shown as it is' },
};

/** The order in which they are offered. */
export const OUTCOME_ORDER = Object.keys(OUTCOMES) as Outcome[];

export const isOutcome = (word: string): word is Outcome => word in OUTCOMES;

/** The word of a value that may come from a newer server. */
export const outcomeLabel = (word: string): string => (isOutcome(word) ? OUTCOMES[word].label : word);

/** What the row of a result says, as a mark. A word nobody knows stays itself. */
export function resultStatus(status: string): StatusKind {
  const known: Record<string, StatusKind> = { completed: 'ok', failed: 'failed', running: 'running', pending: 'skipped' };
  return known[status] ?? 'unknown';
}
