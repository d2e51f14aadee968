import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { caller } from '../calls';
import { Edits } from '../edit/edits.svelte';
import type { QueryResult } from '../wire';
import { Grid } from './grid.svelte';
import ResultGrid from './ResultGrid.svelte';

const column = (name: string, kind: 'number' | 'text') => ({ name, typeName: kind === 'number' ? 'bigint' : 'text', kind, table: null, column: null });
const RESULT: QueryResult = { id: 'r', statement: 0, columns: [column('id', 'number'), column('name', 'text'), column('name', 'text')], rows: 10_000_000, complete: true, stopped: null, bytes: 0, estimate: null, arranged: null, edit: { kind: 'not', why: '' } };
const cell = (text: string, cut = false) => ({ text, bytes: cut ? 4096 : text.length, cut });

async function show(result: Partial<QueryResult> = {}, edits: Edits | null = null) {
  const told = { ...RESULT, ...result };
  const read = ({ first, count }: { first: number; count: number }) => ({ first, total: told.rows, complete: true, numbers: null, rows: Array.from({ length: Math.min(count, told.rows - first) }, (_, at) => [cell(String(first + at + 1)), at === 1 ? null : cell(at === 2 ? '' : 'some name'), cell('{"long', true)]) });
  const transport = new FakeTransport({ query_rows: read, query_find: { row: 5, column: 2 } });
  const grid = new Grid(caller(new Client(transport)), told);
  const onact = vi.fn();
  render(ResultGrid, { grid, label: 'Rows', clock: 'utc', edits, onact, onmenu: vi.fn() });
  const element = screen.getByRole('grid', { name: 'Rows' });
  await within(element).findAllByText('some name');
  return { element, grid, transport, onact };
}
const active = (grid: HTMLElement) => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');

test('ten million rows are few nodes, and the grid says how many there are', async () => {
  const { element } = await show();
  expect(element.getAttribute('aria-rowcount')).toBe('10000001');
  expect(element.getAttribute('aria-colcount')).toBe('4');
  expect(element.querySelectorAll('*').length).toBeLessThan(400);
});

test('a screen reader hears the row when it changes, and the column when that does', async () => {
  const { element } = await show();
  await fireEvent.keyDown(element, { key: 'ArrowDown' });
  expect(active(element)?.textContent).toBe('2, row 2');
  expect(active(element)?.closest('[role="row"]')?.getAttribute('aria-rowindex')).toBe('3');
  await fireEvent.keyDown(element, { key: 'ArrowRight' });
  expect(active(element)?.textContent).toBe('NULL, name');
  await fireEvent.keyDown(element, { key: 'End', ctrlKey: true });
  expect(active(element)?.closest('[role="row"]')?.getAttribute('aria-rowindex')).toBe('10000001');
});

test('NULL, the empty string and a cut value tell themselves apart', async () => {
  const { element } = await show({ rows: 3 });
  expect(within(element).getByText('NULL')).toBeTruthy();
  expect(within(element).getByText('empty string')).toBeTruthy();
  expect(within(element).getAllByText('4 KB')).toHaveLength(3);
});

test('what is found in a column is shown at its place on screen, hidden and moved columns counted', async () => {
  const { grid } = await show();
  grid.layout = { ...grid.layout, order: [2, 0, 1] };
  expect(await grid.find('x', false)).toEqual({ row: 5, column: 0 });
});

test('what is staged is shown in the place of what is stored, NULL too', async () => {
  const edits = new Edits(() => 3);
  const { element, onact } = await show({ rows: 3 }, edits);
  await fireEvent.keyDown(element, { key: 'F2' });
  expect(onact).toHaveBeenCalledWith('edit');
  edits.set(0, 1, 'staged', cell('some name'));
  expect(await within(element).findByText('staged')).toBeTruthy();
  edits.set(0, 1, null, cell('some name'));
  await vi.waitFor(() => expect(within(element).getAllByText('NULL')).toHaveLength(2));
});
