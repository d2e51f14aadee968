/** A run in words: what a statement came to, what a phase means, how long still. */
import { count, plural } from '$lib/format';
import type { StatusKind } from '$lib/ui';
import type { QueryResult, QueryState, QueryStatement } from '../wire';

/** The first words of a statement, comments left out. */
export function opening(sql: string, most = 24): string {
  const text = sql.replace(/^\s*(--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*/, '').replace(/\s+/g, ' ');
  const characters = [...new Intl.Segmenter().segment(text.slice(0, most * 8))];
  return characters.length > most ? `${characters.slice(0, most).map((one) => one.segment).join('').trimEnd()}…` : text;
}

/** "UPDATE 3", "1,234 rows", "failed". */
export function outcome(statement: QueryStatement): string {
  if (statement.outcome !== 'done') return statement.outcome;
  if (statement.result !== null && statement.rows !== null) return plural(statement.rows, 'row');
  return statement.tag ?? 'done';
}

export const outcomeKind = (statement: QueryStatement): StatusKind =>
  ({ waiting: 'unknown', running: 'running', done: 'ok', failed: 'failed', cancelled: 'skipped', skipped: 'skipped' } as const)[statement.outcome] ?? 'unknown';

/** Where the rows of a result come from: "1 select r.id, c.name…". */
export function resultLabel(result: QueryResult, statements: QueryStatement[]): string {
  const from = statements.find((one) => one.index === result.statement);
  const words = from ? opening(from.sql) : 'result';
  return statements.length > 1 ? `${result.statement + 1} ${words}` : words;
}

export interface Phase {
  kind: StatusKind;
  word: string;
}

export function phaseOf(state: QueryState): Phase {
  const now = state.statements.find((one) => one.outcome === 'running');
  switch (state.phase) {
    case 'connecting':
      return { kind: 'running', word: 'Connecting' };
    case 'running':
      return { kind: 'running', word: now && (now.firstRowMs !== null || state.results.some((one) => one.statement === now.index && one.rows > 0)) ? 'Streaming' : 'Running' };
    case 'cancelling':
      return { kind: 'running', word: 'Cancelling' };
    case 'stillRunning':
      return { kind: 'attention', word: 'Still running on the server' };
    case 'lost':
      return { kind: 'failed', word: 'Connection lost' };
    default:
      return ended(state);
  }
}

function ended(state: QueryState): Phase {
  if (state.statements.some((one) => one.outcome === 'cancelled')) return { kind: 'skipped', word: 'Cancelled' };
  if (state.error || state.statements.some((one) => one.outcome === 'failed')) return { kind: 'failed', word: 'Failed' };
  return { kind: 'ok', word: 'Done' };
}

/** Rows of all results together, and of how many when that is known. */
export function rowsSaid(state: QueryState): string | null {
  const open = state.results.find((one) => !one.complete) ?? (state.results.length === 1 ? state.results[0] : undefined);
  if (!open) return state.results.length > 1 ? plural(state.results.reduce((sum, one) => sum + one.rows, 0), 'row') : null;
  const of = !open.complete && open.estimate !== null && open.estimate > open.rows ? ` of about ${count(rounded(open.estimate))}` : '';
  return of ? `${count(open.rows)}${of} rows` : plural(open.rows, 'row');
}

/** A guess is not written to the last digit. */
export function rounded(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.round(value / step) * step;
}

/** 0 to 1 of the result that streams; null where there is no guess. */
export function share(state: QueryState): number | null {
  const open = state.results.find((one) => !one.complete);
  if (!open || !open.estimate || open.estimate <= open.rows) return null;
  return open.rows / open.estimate;
}

/** By its own pace, once that means something. */
export function remainingMs(state: QueryState, elapsedMs: number): number | null {
  const done = share(state);
  return done === null || done < 0.02 || elapsedMs < 1000 ? null : (elapsedMs / done) * (1 - done);
}

export const firstRowMs = (state: QueryState): number | null => state.statements.find((one) => one.firstRowMs !== null)?.firstRowMs ?? null;
