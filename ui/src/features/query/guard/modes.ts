/** What a connection lets SQL and grid edits do, and what that means. */
import type { WriteMode } from '$lib/ipc';
import type { IconName } from '$lib/ui';

export type { WriteMode };

export const MODES: { mode: WriteMode; label: string; icon: IconName; means: string }[] = [
  { mode: 'read_only', label: 'Read-only', icon: 'lock', means: 'Nothing that is not proven to read is sent, and the server session is read-only too.' },
  { mode: 'confirm', label: 'Confirm writes', icon: 'info', means: 'Every write asks first, with its object, rows and bytes.' },
  { mode: 'free', label: 'Free', icon: 'unlock', means: 'Writes run. DROP, TRUNCATE, and UPDATE or DELETE without WHERE still ask.' },
];

export const modeWords = (mode: WriteMode) => MODES.find((one) => one.mode === mode) ?? MODES[0];
