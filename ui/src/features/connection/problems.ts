/** What keeps a connection from being saved, by its field. */
import type { Draft } from './draft.svelte';

export type Problem = Partial<Record<'name' | 'host' | 'port' | 'database' | 'user' | 'command' | 'ssh', string>>;

type Written = Pick<Draft, 'name' | 'host' | 'port' | 'database' | 'user' | 'ssh' | 'secretPolicy' | 'passwordCommand'>;

export function problemsOf(draft: Written): Problem {
  const found: Problem = {};
  for (const field of ['name', 'host', 'database', 'user'] as const) {
    if (draft[field].trim() === '') found[field] = `Fill in the ${field}`;
  }
  if (draft.secretPolicy === 'command' && draft.passwordCommand.trim() === '') found.command = 'Name the command';
  if (draft.ssh && draft.ssh.host.trim() === '') found.ssh = 'Name the SSH server';
  const port = Number(draft.port);
  if (!/^\d+$/.test(draft.port.trim()) || port < 1 || port > 65_535) found.port = 'From 1 to 65535';
  return found;
}
