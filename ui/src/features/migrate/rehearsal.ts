/** A rehearsal in words: where, what became of each statement, what took longest. */
import { duration, moment } from '$lib/format';
import type { StatusKind } from '$lib/ui';
import type { RehearsalPlace, RehearsalSummary, RehearsedStatement } from './wire';

export const PLACES: Record<RehearsalPlace, { label: string; at: string; means: string }> = {
  here: { label: 'Here, in a transaction that is rolled back', at: 'here', means: 'The locks are really taken, on the real tables, until the rehearsal ends: whoever needs them waits. Statements that cannot run in a transaction are left out.' },
  schema: { label: 'On an empty copy of the schema', at: 'on an empty copy', means: 'A scratch database with the same tables and no rows. Nobody waits; nothing is said about time.' },
  clone: { label: 'On a clone of the database', at: 'on a clone', means: 'A whole copy, made from this database as a template: it needs the disk, and nobody may be connected to it meanwhile. Every statement runs for real.' },
};

export function summaryOf(one: RehearsalSummary): { kind: StatusKind; text: string; more: string | null } {
  const place = one.place === 'here' ? '' : ` ${PLACES[one.place]?.at ?? one.place}`;
  const kind = !one.passed ? 'failed' : one.differing > 0 || one.ran < one.total ? 'attention' : 'ok';
  return { kind, text: `Rehearsed ${moment(one.at)}${place}: ${one.words}`, more: slowest(one) };
}

/** What took a second or more. */
function slowest({ longest }: RehearsalSummary): string | null {
  return longest && longest.elapsedMs >= 1000 ? `statement ${longest.statement} took ${duration(longest.elapsedMs)}` : null;
}

const OUTCOMES: Record<string, { kind: StatusKind; word: string }> = {
  ran: { kind: 'ok', word: 'ran' }, skipped: { kind: 'skipped', word: 'left out' }, depends: { kind: 'skipped', word: 'left out' }, failed: { kind: 'failed', word: 'failed' }, not_reached: { kind: 'skipped', word: 'not reached' },
};

/** Ran is only well when its locks were those of the plan. */
export function outcomeOf({ outcome, agreement }: Pick<RehearsedStatement, 'outcome' | 'agreement'>): { kind: StatusKind; word: string } {
  if (outcome === 'ran' && agreement === 'differs') return { kind: 'attention', word: 'otherwise' };
  return OUTCOMES[outcome] ?? { kind: 'unknown', word: outcome };
}

/** "ACCESS EXCLUSIVE on scores"; one that an earlier statement took is held on. */
export const locksOf = ({ locks }: Pick<RehearsedStatement, 'locks'>): string =>
  locks.map((lock) => `${lock.mode.replaceAll('_', ' ').toUpperCase()} on ${lock.relation}${lock.heldBefore ? ', held already' : ''}`).join('; ') || 'no lock that others feel';

/** The statements by their version, in the order in which they ran. */
export function byVersion(statements: RehearsedStatement[]): { version: string; statements: RehearsedStatement[] }[] {
  const versions = [...new Set(statements.map((one) => one.version))];
  return versions.map((version) => ({ version, statements: statements.filter((one) => one.version === version) }));
}
