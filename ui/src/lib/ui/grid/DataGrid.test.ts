import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import DataGrid from './DataGrid.svelte';
import { fitting, type Column } from './columns';

interface Row {
  id: string;
  name: string | null;
  tokens: number;
}
const ROWS: Row[] = Array.from({ length: 10_000 }, (_, at) => ({ id: String(at), name: at === 1 ? null : at === 2 ? '' : `run ${at}`, tokens: at }));
const COLUMNS: Column<Row>[] = [
  { id: 'name', label: 'Run', grow: 1, value: (row) => row.name },
  { id: 'tokens', label: 'Tokens', align: 'right', sortable: true, value: (row) => row.tokens },
];

function show(more: Record<string, unknown> = {}) {
  render(DataGrid<Row>, { label: 'Runs', rows: ROWS, columns: COLUMNS, rowKey: (row: Row) => row.id, ...more });
  return screen.getByRole('grid', { name: 'Runs' });
}
const activeCell = (grid: HTMLElement) => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
const press = (grid: HTMLElement, key: string, init: KeyboardEventInit = {}) => fireEvent.keyDown(grid, { key, ...init });

test('it says how large it is and draws only what can be seen', () => {
  const grid = show({ total: 48_902 });
  expect(grid).toHaveProperty('tabIndex', 0);
  expect(grid.getAttribute('aria-rowcount')).toBe('48903');
  expect(grid.getAttribute('aria-colcount')).toBe('2');
  const rows = within(grid).getAllByRole('row');
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.length).toBeLessThan(60);
  expect(rows[1]?.getAttribute('aria-rowindex')).toBe('2');
});

test('NULL and the empty string say so', () => {
  const grid = show();
  expect(within(grid).getByText('NULL')).toBeTruthy();
  expect(within(grid).getByText('empty string')).toBeTruthy();
});

test('arrows, Home, End, J and K move the active cell; selection follows', async () => {
  const onselect = vi.fn();
  const grid = show({ onselect });
  await press(grid, 'ArrowDown');
  await press(grid, 'j');
  expect(activeCell(grid)?.closest('[role="row"]')?.getAttribute('aria-rowindex')).toBe('4');
  await press(grid, 'k');
  expect(onselect).toHaveBeenLastCalledWith(ROWS[1]);
  await press(grid, 'End');
  expect(activeCell(grid)?.getAttribute('aria-colindex')).toBe('2');
  await press(grid, 'Home');
  expect(activeCell(grid)?.getAttribute('aria-colindex')).toBe('1');
});

test('the selected row says so', async () => {
  const grid = show();
  await press(grid, 'ArrowDown');
  expect(within(grid).getByRole('row', { selected: true }).getAttribute('aria-rowindex')).toBe('3');
});

test('Page Down moves by what can be seen, Ctrl Home goes back', async () => {
  const grid = show();
  await press(grid, 'PageDown');
  const row = Number(grid.getAttribute('aria-activedescendant')?.split('-').at(-2));
  expect(row).toBeGreaterThan(10);
  await press(grid, 'Home', { ctrlKey: true });
  expect(activeCell(grid)?.closest('[role="row"]')?.getAttribute('aria-rowindex')).toBe('2');
});

test('Enter opens the active row, a double click too', async () => {
  const onopen = vi.fn();
  const grid = show({ onopen });
  await press(grid, 'ArrowDown');
  await press(grid, 'Enter');
  expect(onopen.mock.calls[0]?.[0]).toBe(ROWS[1]);
  await fireEvent.dblClick(within(grid).getAllByRole('row')[1] as HTMLElement);
  expect(onopen.mock.lastCall?.[0]).toBe(ROWS[0]);
});

test('heads sort by click and by keyboard, and say how', async () => {
  const onsort = vi.fn();
  const grid = show({ onsort, sort: { column: 'tokens', direction: 'descending' } });
  const head = within(grid).getByRole('columnheader', { name: /Tokens/ });
  expect(head.getAttribute('aria-sort')).toBe('descending');
  await fireEvent.click(head);
  expect(onsort).toHaveBeenLastCalledWith({ column: 'tokens', direction: 'ascending' });
  await press(grid, 'ArrowRight');
  await press(grid, 'ArrowUp');
  expect(activeCell(grid)).toBe(head);
  await press(grid, 'Enter');
  expect(onsort).toHaveBeenCalledTimes(2);
});

test('Space ticks, and ticks are a column', async () => {
  const oncheck = vi.fn();
  const grid = show({ checked: new Set(['0']), oncheck });
  expect(grid.getAttribute('aria-colcount')).toBe('3');
  await press(grid, ' ');
  expect(oncheck).toHaveBeenCalledWith(ROWS[0], false);
});

test('an error stands above old rows, and can be retried', async () => {
  const onretry = vi.fn();
  const grid = show({ error: { code: 'timeout', message: 'too slow' }, onretry });
  await fireEvent.click(within(grid).getByRole('button', { name: 'Try again' }));
  expect(onretry).toHaveBeenCalledOnce();
  expect(within(grid).getAllByRole('row').length).toBeGreaterThan(15);
});

test('hostile text stays text', () => {
  const hostile = [{ id: '1', name: '<img src=x onerror=alert(1)>', tokens: 1 }];
  const grid = show({ rows: hostile });
  expect(within(grid).getByText('<img src=x onerror=alert(1)>')).toBeTruthy();
  expect(grid.querySelector('img')).toBeNull();
});

test('a column of figures grows with its longest, and never cuts one', () => {
  expect(fitting(['8', '3 of 5'], 74)).toBe(74);
  // Fourteen letters at 12 px take about 88 px, and 18 are padding.
  expect(fitting(['8', '2,179 of 2,233'], 74)).toBeGreaterThan(106);
});
