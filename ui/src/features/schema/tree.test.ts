import { expect, test } from 'vitest';
import type { TableSummary } from '$lib/ipc';
import { schemaTree, tableId, tableOf } from './tree';

const table = (schema: string, name: string, kind = 'table', isEvaluationTable = false) =>
  ({ schema, name, kind, isEvaluationTable, totalBytes: name.length, comment: null }) as TableSummary;

test('the schema with the evaluation tables comes first, and in it those tables', () => {
  const [first, second] = schemaTree([table('archive', 'old'), table('raaf', 'a_much_longer_name'), table('raaf', 'evaluation_runs', 'table', true)], '');
  expect([first?.label, second?.label]).toEqual(['raaf', 'archive']);
  expect(first?.children?.[0]?.children?.map((node) => node.label)).toEqual(['evaluation_runs', 'a_much_longer_name']);
});

test('kinds that nobody knows are shown among others', () => {
  const [schema] = schemaTree([table('s', 'v', 'view'), table('s', 'x', 'z')], '');
  expect(schema?.children?.map((node) => node.label)).toEqual(['Views', 'Others']);
});

test('a search looks at schema and name; a hostile name survives its id', () => {
  expect(schemaTree([table('s', 'runs'), table('s', 'spans')], 'S.RU')[0]?.children?.[0]?.children).toHaveLength(1);
  const odd = { schema: 'a"b', name: 'x/y [1]' };
  expect(tableOf(tableId(odd))).toEqual(odd);
  expect(tableOf('Tables of s')).toBeNull();
});
