/** How an entry of the log ended, as a mark and a word. */
import type { StatusKind } from '$lib/ui';
import type { LogEntry } from '../wire';

const OUTCOMES: Record<string, { kind: StatusKind; word: string; means: string }> = {
  running: { kind: 'running', word: 'running', means: 'Begun, and no end is written down yet.' },
  done: { kind: 'ok', word: 'done', means: 'All of it ran, and the ledger says so.' },
  failed: { kind: 'failed', word: 'failed', means: 'It broke off.' },
  baselined: { kind: 'ok', word: 'baselined', means: 'Recorded without running: the objects were there.' },
  accepted_change: { kind: 'skipped', word: 'change accepted', means: 'The file differs from what ran, and somebody said that this is right.' },
  accepted_order: { kind: 'skipped', word: 'order accepted', means: 'Older than what was up, and somebody said that this is right.' },
  forgotten: { kind: 'skipped', word: 'forgotten', means: 'Taken out of the ledger; what it made stays.' },
  file_restored: { kind: 'skipped', word: 'file restored', means: 'The lost file was written again from the log.' },
  struck: { kind: 'skipped', word: 'struck out', means: 'Taken out of the ledger, since its objects were not there.' },
  released: { kind: 'skipped', word: 'released', means: 'The number belongs to another migration; ours has a row of its own.' },
  recorded: { kind: 'ok', word: 'recorded', means: 'Written into the ledger, since its objects are there.' },
};

export function outcomeWords(entry: Pick<LogEntry, 'outcome' | 'interrupted'>): { kind: StatusKind; word: string; means: string } {
  if (entry.interrupted) return { kind: 'attention', word: 'broken off', means: 'It has no end, and who ran it is gone.' };
  return OUTCOMES[entry.outcome] ?? { kind: 'unknown', word: entry.outcome, means: 'Written by a newer Evaldesk.' };
}

/** "maria (app), from ortega-mbp". */
export const whoOf = (entry: Pick<LogEntry, 'osUser' | 'dbUser' | 'host'>): string => [entry.osUser || entry.dbUser, entry.host ? `from ${entry.host}` : null].filter(Boolean).join(', ');

export interface TraceLine {
  /** From 1, as the log counts. */
  statement: number;
  locks: string[];
}

interface Taken { statement: number; relation: string; mode: string }

const isTaken = (one: unknown): one is Taken => typeof (one as Taken | null)?.relation === 'string' && typeof (one as Taken).mode === 'string';

/** The lock trace statement by statement; one of another shape is shown as it is. */
export function traceLines(trace: unknown): TraceLine[] | null {
  if (!Array.isArray(trace) || !trace.every(isTaken)) return null;
  const statements = [...new Set(trace.map((one) => one.statement))];
  const lockText = ({ mode, relation }: Taken): string => `${mode.replaceAll('_', ' ').toUpperCase()} on ${relation}`;
  return statements.map((statement) => ({ statement, locks: trace.filter((one) => one.statement === statement).map(lockText) }));
}
