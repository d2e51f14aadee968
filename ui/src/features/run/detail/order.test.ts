import { expect, test } from 'vitest';
import type { ConfigurationRow, ResultRow } from '$lib/ipc';
import { groupResults } from './order';

const result = (id: string, configurationId: string, score: number | null, errorLine: string | null = null) =>
  ({ id, configurationId, score, errorLine, status: errorLine ? 'failed' : 'completed', repetition: Number(id) }) as ResultRow;
const names = [{ id: 'a', name: 'first' }, { id: 'b', name: 'second' }] as ConfigurationRow[];

test('the worst group comes first, and in it the failed before the low', () => {
  const rows = groupResults([result('1', 'a', 0.9), result('2', 'b', 0.8), result('3', 'b', null, 'boom'), result('4', 'b', 0.2)], names);
  expect(rows.map((row) => row.key)).toEqual(['group-b', '3', '4', '2', 'group-a', '1']);
});

test('a group says how it ended', () => {
  const [failed] = groupResults([result('1', 'a', null, 'boom'), result('2', 'a', null, 'boom')], names);
  expect(failed).toMatchObject({ name: 'first', sub: '2 repetitions, one error', end: 'all failed' });
  const [mixed] = groupResults([result('1', 'a', 0.5), result('2', 'a', 0.7), result('3', 'a', null, 'boom')], names);
  expect(mixed).toMatchObject({ sub: '3 repetitions, spread 0.200', end: '1 failed, mean 0.600 of 2' });
});

test('results of a configuration that is not of this run are not lost', () => {
  expect(groupResults([result('1', 'z', 0.5)], names)[0]).toMatchObject({ name: 'configuration z of another run' });
});
