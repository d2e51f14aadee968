/** What a difference is, in words. What was not compared is not the same. */
import { plural } from '$lib/format';
import type { StatusKind } from '$lib/ui';
import type { Difference, Drift } from '../wire';

export const nameOf = ({ object }: Pick<Difference, 'object'>): string => (object.table !== null && object.kind !== 'table' ? `${object.table}.${object.name}` : object.name);

export const keyOf = (one: Pick<Difference, 'object' | 'kind'>): string => `${one.kind} ${one.object.kind} ${nameOf(one)}`;

const KINDS: Record<string, { word: string; means: string }> = {
  missing: { word: 'missing', means: 'The files make it, and it is not there.' },
  extra: { word: 'extra', means: 'It is there, and no file makes it.' },
  differs: { word: 'differs', means: 'It is there in another form than the files make it.' },
};
const SEVERITIES: Record<string, StatusKind> = { note: 'skipped', attention: 'attention', broken: 'failed' };

export function differenceWords({ kind, severity }: Pick<Difference, 'kind' | 'severity'>): { kind: StatusKind; word: string; means: string } {
  return { kind: SEVERITIES[severity] ?? 'unknown', ...(KINDS[kind] ?? { word: kind, means: '' }) };
}

/** A comparison in a few words, and in a sentence. */
export function driftSummary({ status, differences, equivalents }: Pick<Drift, 'status' | 'differences' | 'equivalents'>): { kind: StatusKind; word: string; sentence: string } {
  if (status.kind === 'skipped') return { kind: 'skipped', word: 'not compared', sentence: status.why };
  if (differences.length > 0) {
    const worst = differences.some((one) => one.severity === 'broken') ? 'failed' : 'attention';
    return { kind: worst, word: plural(differences.length, 'differs', 'differ'), sentence: `${plural(differences.length, 'object')} ${differences.length === 1 ? 'differs' : 'differ'} from what the files make` };
  }
  if (equivalents.length > 0) return { kind: 'ok', word: 'equivalent', sentence: `The schema is equivalent to what the files make; ${plural(equivalents.length, 'thing')} ${equivalents.length === 1 ? 'is' : 'are'} spelled otherwise` };
  return { kind: 'ok', word: 'same', sentence: 'The schema is as the files make it' };
}

/** Statements as a text that can be sent. */
export const textOf = (statements: string[]): string => statements.map((one) => `${one.trim().replace(/;$/, '')};`).join('\n');

/** A name for the file that would mend it. */
export const fileName = (verb: string, one: Pick<Difference, 'object'>): string => `${verb}_${nameOf(one).replace(/[^a-z0-9]+/gi, '_').toLowerCase()}`.slice(0, 90);
