/** What a verify file says about a version, as a mark and a word. What was not looked at is not well. */
import type { StatusKind } from '$lib/ui';
import type { VerifyReport } from '../wire';

export function verifyWords({ checked, problems }: VerifyReport): { kind: StatusKind; word: string } {
  if (!checked) return { kind: 'skipped', word: 'skipped: no verify file' };
  if (problems.some((one) => one.weight === 'conflict')) return { kind: 'failed', word: 'failed' };
  return problems.length > 0 ? { kind: 'attention', word: 'attention' } : { kind: 'ok', word: 'ok' };
}
