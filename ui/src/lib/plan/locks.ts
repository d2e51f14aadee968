/** Whom a statement keeps waiting, as a mark beside its words; how long it may take. */
import { DASH, duration } from '../format';
import type { StatusKind } from '../ui';

/** The words of the backend's `Blocks`; one that a newer backend knows is unknown here. */
export function blocksKind(blocks: string): StatusKind {
  const known: Record<string, StatusKind> = { nobody: 'ok', writes: 'attention', reads_and_writes: 'failed' };
  return known[blocks] ?? 'unknown';
}

export interface StatementRow {
  key: string;
  /** Its number in its file; where it stands in none, its place in the list. */
  number?: number;
  sql: string;
  /** "SHARE UPDATE EXCLUSIVE"; null when there is none or it is not known. */
  lock: string | null;
  relations: string[];
  consequence: string;
  kind: StatusKind;
  /** What it reads through, in bytes: 0 is the catalog alone, null is not known. */
  reads: number | null;
  estimateMs: number | null;
  estimateBasis: string;
  /** Small behind the lock: "line 12", "clears a broken build away". */
  note?: string;
}

/** "SHARE UPDATE EXCLUSIVE on evaluation_spans". */
export function lockLine(row: Pick<StatementRow, 'lock' | 'relations'>): string {
  const on = row.relations.join(', ');
  if (!row.lock) return on ? `on ${on}` : 'no lock that others feel';
  return on ? `${row.lock} on ${on}` : row.lock;
}

/** An estimate as such: "< 0.1 s", "about" is the head's word. */
export function about(ms: number | null): string {
  if (ms === null) return DASH;
  if (ms < 100) return '< 0.1 s';
  return ms < 10_000 ? `${(ms / 1000).toFixed(1).replace('.0', '')} s` : duration(Math.round(ms / 1000) * 1000).replace(/\.\d+ s$/, ' s');
}

/** A statement on one line: comments and line breaks leave, the text itself stays. */
export const oneLine = (sql: string): string =>
  sql
    .replace(/^\s*--[^\n]*\n/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
