import { expect, test } from 'vitest';
import type { JobRecord } from '../ipc';
import { doing, lockWait } from './job';

const job = (phase: string, detail: string | null) => ({ progress: { phase, detail, done: null, total: null, unit: null } }) as JobRecord;

test('who is in the way is told from what is being done', () => {
  const running = job('1 add up: statement 2 of 7', 'create index concurrently i on t (a) · 12 s · building index · waits for pid 7 (maria, idle in transaction)');
  expect(lockWait(running)).toBe('It waits for pid 7 (maria, idle in transaction).');
  expect(doing(running)).toBe('create index concurrently i on t (a) · 12 s · building index');
});

test('between two tries it says when the next one is', () => {
  expect(lockWait(job('1 add up: statement 1 of 1', 'pid 7 (maria) was in the way: try 2 of 5 in 0.4 s'))).toBe('pid 7 (maria) was in the way: try 2 of 5 in 0.4 s.');
});

test('while nobody is in the way nobody is named', () => {
  expect(lockWait(job('1 add up: statement 1 of 1', 'analyze t · 2 s'))).toBeNull();
  expect([lockWait(job('', null)), doing(job('', null))]).toEqual([null, null]);
  expect(lockWait(job('waiting for a lock', 'pid 7'))).toBe('pid 7.');
});
