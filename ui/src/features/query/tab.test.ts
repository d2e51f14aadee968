import { expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { release } from './registry';
import { MESSAGES, tabOf } from './tab.svelte';
import type { QueryResult, QueryState, QueryStatement } from './wire';

const result = (id: string, more: Partial<QueryResult> = {}): QueryResult => ({ id, statement: 0, columns: [{ name: 'a', typeName: 'text', kind: 'text', table: null, column: null }], rows: 3, complete: true, stopped: null, bytes: 1, estimate: null, arranged: null, edit: { kind: 'editable', table: { schema: 'public', name: 't' }, key: ['a'] }, ...more });
const state = (run: number, results: QueryResult[], more: Partial<QueryState> = {}): QueryState => ({
  tab: 'q', connection: 'c', run, phase: 'idle', elapsedMs: 0, pid: 1, transaction: 'none', transactionMs: null, rollbackInMs: null, statements: [], statementCount: 0, results, notices: [], noticesDropped: 0, error: null, storedBytes: 0, spilledBytes: 0, ...more,
});
const make = () => {
  const client = new Client(new FakeTransport());
  return { client, tab: tabOf(client, 'q', 'c') };
};

test('the first result is shown as soon as it is there, and what a person chose stays', () => {
  const { tab } = make();
  tab.take(state(1, [], { phase: 'running' }));
  expect(tab.pane).toBe(MESSAGES);
  tab.take(state(1, [result('r1')], { phase: 'running' }));
  expect(tab.pane).toBe('r1');
  tab.show(MESSAGES);
  tab.take(state(1, [result('r1'), result('r2')]));
  expect(tab.pane).toBe(MESSAGES);
  tab.take(state(2, [result('r3')]));
  expect(tab.pane).toBe('r3');
});

test('rows of the last run stay while a quick one has none, and no longer', () => {
  vi.useFakeTimers();
  const { tab } = make();
  tab.take(state(1, [result('r1')]));
  tab.take(state(2, [], { phase: 'running' }));
  expect([tab.pane, tab.shown?.run]).toEqual(['r1', 1]);
  tab.take(state(2, [result('r2')], { phase: 'running' }));
  expect([tab.pane, tab.shown?.run]).toEqual(['r2', 2]);
  tab.take(state(3, [], { phase: 'running' }));
  tab.take(state(3, [], { phase: 'running', elapsedMs: 100 }));
  vi.advanceTimersByTime(60);
  expect([tab.pane, tab.shown?.run]).toEqual([MESSAGES, 3]);
  vi.useRealTimers();
});

test('a script that failed shows what was said', () => {
  const { tab } = make();
  tab.take(state(1, [result('r1')], { statements: [{ outcome: 'failed' } as QueryStatement] }));
  expect(tab.pane).toBe(MESSAGES);
});

test('columns lie as they lay before when the same ones come again', () => {
  const { tab } = make();
  tab.take(state(1, [result('r1')]));
  const first = tab.grids.get('r1');
  if (first) first.layout = { ...first.layout, widths: { 0: 333 } };
  tab.take(state(2, [], { phase: 'running' }));
  tab.take(state(2, [result('r2')]));
  expect(tab.grids.get('r2')?.layout.widths[0]).toBe(333);
  expect(tab.grids.has('r1')).toBe(false);
  tab.take(state(3, [result('r3', { columns: [{ name: 'b', typeName: 'text', kind: 'text', table: null, column: null }] })]));
  expect(tab.grids.get('r3')?.layout.widths).toEqual({});
});

test('rows are changed where there is a key and all of them are here, in whatever order they are shown', () => {
  const { tab } = make();
  tab.take(state(1, [result('r1'), result('r2', { edit: { kind: 'not', why: 'no key' } }), result('r3', { complete: false })]));
  const editable = (id: string) => tab.editsOf(tab.grids.get(id) as never) !== null;
  expect(['r1', 'r2', 'r3'].map(editable)).toEqual([true, false, false]);
  const grid = tab.grids.get('r1');
  if (grid) grid.view = { id: 'v', rows: 1 };
  expect(editable('r1')).toBe(true);
});

test('a tab that was closed begins anew', () => {
  const { client, tab } = make();
  expect(tabOf(client, 'q', 'c')).toBe(tab);
  release(client, 'q');
  expect(tabOf(client, 'q', 'c')).not.toBe(tab);
});
