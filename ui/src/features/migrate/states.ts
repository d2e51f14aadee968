/** The states of a migration, spelled as Rails spells them, with what each means and what mends it. */
import { DASH, duration, moment, plural } from '$lib/format';
import type { Asking } from '$lib/screens';
import type { IconName, StatusKind } from '$lib/ui';
import type { StateName, StatusRow } from './wire';

interface StateWords {
  word: string;
  kind: StatusKind;
  icon?: IconName;
  means: string;
}

const STATES: Record<StateName, StateWords> = {
  up: { word: 'up', kind: 'ok', means: 'Recorded, and its objects are there.' },
  down: { word: 'down', kind: 'skipped', icon: 'pending', means: 'Not recorded: it will be applied.' },
  opt_in: { word: 'opt-in', kind: 'skipped', icon: 'flask', means: 'Never applied with the others. It goes up only when it is named, since not every writer is ready for it.' },
  no_file: { word: 'NO FILE', kind: 'unknown', means: 'Recorded as applied, and there is no file of it here. Another tool or another branch made it.' },
  conflict: { word: 'CONFLICT', kind: 'failed', means: 'Recorded as applied, and what it makes is not there. The number may belong to another migration, or somebody took the objects away. Nothing is applied or rolled back until it is settled.' },
  changed: { word: 'CHANGED', kind: 'attention', means: 'The file differs from what was applied. The database keeps what ran; another database would get the new text.' },
  out_of_order: { word: 'OUT OF ORDER', kind: 'attention', means: 'It is older than what is applied already. It may rest on things that later versions have changed.' },
  partial: { word: 'PARTIAL', kind: 'failed', icon: 'partial', means: 'It broke off half-way. What ran before stays, since it has no transaction around it.' },
  irreversible: { word: 'IRREVERSIBLE', kind: 'skipped', icon: 'ok', means: 'Applied, and it has no down file, so it cannot be rolled back.' },
  baselined: { word: 'BASELINED', kind: 'ok', means: 'Recorded without running: its objects were there, made by another tool.' },
};

export function stateWords(row: Pick<StatusRow, 'state'> & Partial<Pick<StatusRow, 'partial' | 'repairs'>>): StateWords {
  const words = STATES[row.state] ?? { word: row.state, kind: 'unknown' as const, means: 'A state that this window does not know.' };
  if (row.state === 'down' && standsHere(row)) return { ...words, means: 'Not recorded, and its objects are there: applying does not run it.' };
  return row.state === 'partial' && row.partial ? { ...words, word: `PARTIAL ${row.partial.done}/${row.partial.total}` } : words;
}

const DECIDE: StateName[] = ['conflict', 'no_file', 'changed', 'out_of_order', 'partial'];
const APPLIED: StateName[] = ['up', 'changed', 'irreversible', 'baselined', 'no_file'];

/** Made by another tool or by hand, and written down nowhere. */
const standsHere = ({ repairs }: Partial<Pick<StatusRow, 'repairs'>>): boolean => repairs?.includes('record') ?? false;

/** A row without a file in another tool's ledger is that tool's: nothing is to be decided about it here. */
export const needsDecision = (row: StatusRow): boolean => DECIDE.includes(row.state) && (row.state !== 'no_file' || row.repairs.length > 0);
/** For the sidebar. */
export function asking(rows: StatusRow[]): Asking | null {
  const count = rows.filter(needsDecision).length;
  return count === 0 ? null : { count, label: count === 1 ? 'needs a decision' : 'need a decision' };
}
export const isApplied = (row: StatusRow): boolean => APPLIED.includes(row.state);
export const isPending = (row: StatusRow): boolean => row.state === 'down' && !standsHere(row);
/** The last part of a path says it; the whole stands in the tooltip. */
export const folderOf = (path: string): string => `${path.replace(/\/+$/, '').split('/').at(-1) ?? path}/`;
/** What a file can take back. */
export const canGoDown = (row: StatusRow): boolean => row.hasDown && (row.state === 'up' || row.state === 'changed' || row.state === 'baselined');

/** Second line of a row: what a person asks next. */
export function endOf(row: StatusRow): string {
  const when = row.appliedAt ? moment(row.appliedAt) : null;
  if (row.running) return 'running now';
  switch (row.state) {
    case 'partial':
      return row.partial?.direction === 'down' ? 'stopped on its way down' : 'stopped half-way';
    case 'out_of_order':
      return 'older than what is applied';
    case 'changed':
      return when ? `file differs since ${when}` : 'file differs';
    case 'no_file':
      return when ? `applied ${when}` : 'applied elsewhere';
    case 'baselined':
      return when ? `adopted ${when}` : 'adopted';
    case 'conflict':
      return 'objects are not there';
    case 'down':
      return standsHere(row) ? 'stands here already' : plural(row.statementCount, 'statement');
    case 'opt_in':
      return plural(row.statementCount, 'statement');
    default:
      return ran(row, when);
  }
}

function ran({ elapsedMs, statementCount }: StatusRow, when: string | null): string {
  const took = elapsedMs === null ? null : duration(elapsedMs);
  return [when, took].filter((part) => part !== null && part !== DASH).join(', ') || plural(statementCount, 'statement');
}
