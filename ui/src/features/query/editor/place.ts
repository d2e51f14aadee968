/** Where an error of the server is in the text, as a mark of the editor and in words near it. */
import type { EditorMark } from '$lib/ui';
import type { QueryStatement } from '../wire';

/** A name with its dots and quotes, or one sign. */
const WORD = /(?:[\p{L}\p{N}_$]+|"(?:[^"]|"")+")(?:\.(?:[\p{L}\p{N}_$]+|"(?:[^"]|"")+"))*|\S/uy;

/** The word at an offset: the server points at its first letter. */
export function wordAt(text: string, offset: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(offset, Math.max(0, text.length - 1)));
  WORD.lastIndex = from;
  const found = WORD.exec(text);
  return { from, to: from + (found?.[0].length ?? 1) };
}

/** How far the text of now is moved against the one that ran, around a place that did not change itself; null where it did. */
export function movedBy(before: string, now: string, statement: { from: number; to: number }): number | null {
  const ran = before.slice(statement.from, statement.to);
  if (now.slice(statement.from, statement.to) === ran) return 0;
  const at = now.indexOf(ran);
  return at < 0 || ran.trim() === '' ? null : at - statement.from;
}

function begunAt(now: string, { sql, from }: QueryStatement): number | null {
  const at = now.startsWith(sql, from) ? from : now.indexOf(sql);
  return at < 0 || sql === '' ? null : at - from;
}

/** `before` is the text that ran; after a reload only the beginning of each statement is known of it. */
export function errorMarks(statements: QueryStatement[], before: string | null, now: string): EditorMark[] {
  return statements.flatMap((one) => {
    if (!one.error) return [];
    const shift = before === null ? begunAt(now, one) : movedBy(before, now, one);
    if (shift === null) return [];
    const { error } = one;
    const message = [error.message, error.hint].filter(Boolean).join('\n');
    const range = error.position === null ? { from: one.from + shift, to: one.to + shift } : wordAt(now, error.position + shift);
    return [{ line: one.line, range, severity: 'error' as const, message }];
  });
}
