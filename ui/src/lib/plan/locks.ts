/** Whom a statement keeps waiting, as a mark beside its words. */
import type { StatusKind } from '../ui';

/** The words of the backend's `Blocks`; one that a newer backend knows is unknown here. */
export function blocksKind(blocks: string): StatusKind {
  const known: Record<string, StatusKind> = { nobody: 'ok', writes: 'attention', reads_and_writes: 'failed' };
  return known[blocks] ?? 'unknown';
}

export interface StatementRow {
  key: string;
  sql: string;
  /** "SHARE UPDATE EXCLUSIVE"; null when there is none or it is not known. */
  lock: string | null;
  relations: string[];
  consequence: string;
  kind: StatusKind;
  /** Small behind the lock: "line 12", "clears a broken build away". */
  note?: string;
}

/** "SHARE UPDATE EXCLUSIVE on evaluation_spans". */
export function lockLine(row: Pick<StatementRow, 'lock' | 'relations'>): string {
  const on = row.relations.join(', ');
  if (!row.lock) return on ? `on ${on}` : 'no lock that others feel';
  return on ? `${row.lock} on ${on}` : row.lock;
}

/** A statement on one line: comments and line breaks leave, the text itself stays. */
export const oneLine = (sql: string): string =>
  sql
    .replace(/^\s*--[^\n]*\n/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
