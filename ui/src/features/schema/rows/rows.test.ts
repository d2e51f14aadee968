import { expect, test } from 'vitest';
import { Client, type RowsPage } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { fromLink, sentence, toLink } from './conditions';
import { NO_ROWS_LINK, RowsState, type RowsLink } from './rows.svelte';

const cell = (text: string, cut = false) => ({ text, bytes: cut ? 5000 : text.length, cut });
const PAGE: RowsPage = {
  columns: [{ name: 'id', typeName: 'bigint', primaryKey: true }, { name: 'data', typeName: 'jsonb', primaryKey: false }],
  rows: [[cell('7'), cell('{"a"', true)], [cell('8'), null]],
  keyColumns: ['id'], keys: [['7'], ['8']], next: 'n', previous: null, paging: 'key',
};
const table = { schema: 'public', name: 't' };
const stateOf = (answers: Record<string, unknown> = {}) => {
  const transport = new FakeTransport({ table_rows: PAGE, cell_show: { text: '{"a": 1}', bytes: 5000, typeName: 'jsonb' }, ...answers });
  return { transport, rows: new RowsState(new Client(transport), 'c1', table) };
};
const clean = (link: Record<string, string | undefined>) => JSON.parse(JSON.stringify(link)) as Record<string, string>;

test('a link keeps conditions, order and page', () => {
  const link: RowsLink = {
    filter: [{ column: 'na"me, x', op: 'contains', value: '50 %' }, { column: 'data', op: 'is_null', value: null }],
    sort: { column: '-odd', direction: 'descending' }, cursor: 'abc',
  };
  expect(fromLink(clean(toLink(link))).filter).toEqual(link.filter);
  expect(fromLink(clean(toLink({ ...link, sort: { column: 'name', direction: 'ascending' } }))).sort).toEqual({ column: 'name', direction: 'ascending' });
  expect(fromLink({ where: 'not json' })).toEqual(NO_ROWS_LINK);
  expect(fromLink({ where: '[["a","drop",1],["b","eq","1"]]' }).filter).toEqual([{ column: 'b', op: 'eq', value: '1' }]);
});

test('a condition reads as a sentence, the empty string too', () => {
  expect(sentence({ column: 'name', op: 'eq', value: '' })).toBe('name is the empty string');
  expect(sentence({ column: 'name', op: 'not_null', value: null })).toBe('name is not NULL');
});

test('a cut cell is fetched whole by the key of its row', async () => {
  const { transport, rows } = stateOf();
  await rows.read(NO_ROWS_LINK);
  await rows.open({ row: 0, column: 'data' });
  expect(transport.argsOf('cell_show')).toEqual([{ connection: 'c1', query: { table, column: 'data', key: ['7'] } }]);
  expect(rows.cell.value?.text).toBe('{"a": 1}');
});

test('a cell that came whole, and NULL, need no other read', async () => {
  const { transport, rows } = stateOf();
  await rows.read(NO_ROWS_LINK);
  await rows.open({ row: 1, column: 'data' });
  expect(rows.cell.value).toEqual({ text: null, bytes: 0, typeName: 'jsonb' });
  await rows.open({ row: 1, column: 'id' });
  expect(rows.cell.value?.text).toBe('8');
  expect(transport.argsOf('cell_show')).toEqual([]);
});

test('another page closes the cell, and an error keeps the rows', async () => {
  const { transport, rows } = stateOf();
  await rows.read(NO_ROWS_LINK);
  await rows.open({ row: 0, column: 'id' });
  transport.answer('table_rows', () => Promise.reject({ code: 'invalid_arguments', message: 'x is no bigint' }));
  await rows.read({ ...NO_ROWS_LINK, filter: [{ column: 'id', op: 'eq', value: 'x' }] });
  expect(rows.opened).toBeNull();
  expect(rows.rows).toHaveLength(2);
  expect(rows.page.error?.message).toBe('x is no bigint');
});
