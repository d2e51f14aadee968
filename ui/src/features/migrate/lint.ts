/** Findings in a text: what they are about, the safe form in its place, and their marks in an editor. */
import type { EditorMark } from '$lib/ui';
import type { Finding } from './wire';

type Place = Pick<Finding, 'line' | 'column' | 'endLine' | 'endColumn'>;

/** Where a line and a character of it begin. The backend counts characters, a string its halves: they differ by 🦀. */
function offset(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const inLine = Array.from(lines[line - 1] ?? '').slice(0, column - 1).join('').length;
  return Math.min(before + inLine, text.length);
}

/** The text that a finding is about. */
export const textOf = (text: string, at: Place): string => text.slice(offset(text, at.line, at.column), offset(text, at.endLine, at.endColumn));

/** What its rewrite takes the place of, for a comparison. */
export const replacedOf = (text: string, finding: Finding): string => textOf(text, finding.replaces ?? finding);

/** A rewrite that takes the file out of its transaction says so in the head of the file, not before its statement. */
const HEAD = /^-- (?:evaldesk: )?no-transaction\s*\n\s*/;

/** The file says it already, in the words of ours, of sqlx or of dbmate. */
const SAID = /^-- *(?:(?:evaldesk: *)?no-transaction\b|migrate:up\b.*\btransaction: *false\b)/m;

/** The safe form of a finding in this text; what the text has at its head is not said twice. */
export function safeOf(text: string, { rewrite }: Pick<Finding, 'rewrite'>): string {
  return rewrite === null ? '' : SAID.test(text) ? rewrite.replace(HEAD, '') : rewrite;
}

/** The whole text with the safe form in the place of what was found. */
export function rewritten(text: string, finding: Finding): string {
  if (finding.rewrite === null) return text;
  const place = finding.replaces ?? finding;
  const [from, to] = [offset(text, place.line, place.column), offset(text, place.endLine, place.endColumn)];
  const whole = safeOf(text, finding);
  const head = HEAD.exec(whole)?.[0] ?? '';
  const safe = whole.slice(head.length);
  const ends = text.slice(to).trimStart().startsWith(';');
  const body = text.slice(0, from) + (ends ? safe.trimEnd().replace(/;$/, '') : safe) + text.slice(to);
  return head === '' ? body : `${head.trimEnd()}\n${body}`;
}

const SEVERITIES = { error: 'error', warning: 'warning', advice: 'info' } as const;

export const marksOf = (findings: Finding[]): EditorMark[] =>
  findings.filter((one) => one.accepted === null).map(({ line, column, level, what, why }) => ({ line, column: column - 1, severity: SEVERITIES[level] ?? 'info', message: `${what} ${why}`.trim() }));

export const isOpen = (finding: Finding): boolean => finding.accepted === null;
export const isDangerous = (finding: Finding): boolean => isOpen(finding) && finding.level === 'error';
