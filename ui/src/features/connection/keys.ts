/** A changed key of an SSH server, as the backend tells it: the one that is known and where, and the one that was shown. */
import type { AppError } from '$lib/ipc';

export interface Keys {
  known: string;
  shown: string;
  /** The file and line that know it. */
  place: string;
}

export function keysOf(error: AppError | null): Keys | null {
  if (!error?.is('refused')) return null;
  const told = /^known (SHA256:\S+)\nshown (SHA256:\S+)\nin (.+)$/.exec(error.detail ?? '');
  return told ? { known: told[1] ?? '', shown: told[2] ?? '', place: told[3] ?? '' } : null;
}
