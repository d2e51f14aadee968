/** The states of a migration, spelled as Rails spells them, with what each means. */
import type { MigrationStatusRow } from '$lib/ipc';
import type { IconName, StatusKind } from '$lib/ui';

interface StateWords {
  word: string;
  kind: StatusKind;
  icon?: IconName;
  means: string;
}

const STATES: Record<MigrationStatusRow['state'], StateWords> = {
  up: { word: 'up', kind: 'ok', means: 'Recorded, and its objects are there.' },
  down: { word: 'down', kind: 'skipped', icon: 'pending', means: 'Not recorded: it will be applied.' },
  no_file: { word: 'NO FILE', kind: 'unknown', means: 'Recorded as applied, and there is no file of it here: another tool or another version made it. Only that one can take it back.' },
  conflict: { word: 'CONFLICT', kind: 'failed', means: 'Recorded as applied, and what it makes is not there. The number may belong to another migration, or somebody took the objects away.' },
  opt_in: { word: 'opt-in', kind: 'skipped', icon: 'flask', means: 'Never applied with the others: only when it is named, since not every writer is ready for it.' },
};

export const stateWords = (row: MigrationStatusRow): StateWords =>
  STATES[row.state] ?? { word: row.state, kind: 'unknown', means: 'A state that this window does not know.' };

/** Not recorded, and its objects are there: up would not run it. */
export const isInPlace = (row: MigrationStatusRow): boolean => row.state === 'down' && row.note !== null;

export const needsDecision = (row: MigrationStatusRow): boolean => row.state === 'conflict' || row.state === 'no_file' || row.state === 'opt_in';
