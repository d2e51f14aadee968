import { expect, test } from 'vitest';
import type { Difference } from '../wire';
import { differenceWords, driftSummary, fileName, keyOf, nameOf, textOf } from './words';

const one = (more: Partial<Difference> = {}): Difference => ({
  object: { table: 'evaluation_runs', kind: 'index', name: 'Idx "Ü"' }, kind: 'differs', severity: 'attention', expected: 'a', actual: 'b', mendDatabase: [], mendFiles: [], equivalent: null, note: null, ...more,
});

test('an object of a table goes by both names, a table by its own', () => {
  expect(nameOf(one())).toBe('evaluation_runs.Idx "Ü"');
  expect(nameOf(one({ object: { table: null, kind: 'table', name: 't' } }))).toBe('t');
  expect(keyOf(one())).not.toBe(keyOf(one({ kind: 'missing' })));
});

test('what was not compared is not the same', () => {
  const said = (more: object) => driftSummary({ status: { kind: 'same' }, differences: [], equivalents: [], ...more });
  expect(said({})).toMatchObject({ kind: 'ok', word: 'same' });
  expect(said({ equivalents: [one()] })).toMatchObject({ kind: 'ok', word: 'equivalent' });
  expect(said({ status: { kind: 'skipped', why: 'no right' } })).toEqual({ kind: 'skipped', word: 'not compared', sentence: 'no right' });
  expect(said({ status: { kind: 'differs' }, differences: [one(), one({ severity: 'broken' })] })).toMatchObject({ kind: 'failed', word: '2 differ' });
});

test('how much it matters is its mark, what it is its word', () => {
  expect(differenceWords(one({ kind: 'extra', severity: 'note' }))).toMatchObject({ kind: 'skipped', word: 'extra' });
  expect(differenceWords(one({ severity: 'of tomorrow' as never })).kind).toBe('unknown');
});

test('its statements become a file with a name that a file may have', () => {
  expect(textOf(['drop index a;', ' create index b on t (c)'])).toBe('drop index a;\ncreate index b on t (c);');
  expect(fileName('mend', one())).toMatch(/^mend_evaluation_runs_idx_+$/);
});
