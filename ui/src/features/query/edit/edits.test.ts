import { expect, test } from 'vitest';
import { Edits } from './edits.svelte';

const cell = (text: string) => ({ text, bytes: text.length, cut: false });

test('a cell that is written as it was is no change', () => {
  const edits = new Edits(() => 10);
  edits.set(3, 1, 'new', cell('old'));
  expect([edits.count, edits.cell(3, 1)?.text, edits.rowState(3)]).toEqual([1, 'new', 'edited']);
  edits.set(3, 1, 'old', cell('old'));
  expect([edits.count, edits.rowState(3)]).toEqual([0, null]);
});

test('NULL and the empty string are two changes', () => {
  const edits = new Edits(() => 10);
  edits.set(0, 0, null, cell(''));
  expect(edits.wire()).toEqual([{ kind: 'update', row: 0, column: 0, value: null }]);
  edits.set(0, 0, '', null);
  expect(edits.wire()).toEqual([{ kind: 'update', row: 0, column: 0, value: '' }]);
  edits.set(1, 0, null, null);
  expect(edits.count).toBe(1);
});

test('a cut value is never taken for the whole', () => {
  const edits = new Edits(() => 10);
  edits.set(0, 0, 'beginning', { text: 'beginning', bytes: 4000, cut: true });
  expect(edits.count).toBe(1);
});

test('a row that goes takes its changes with it, and comes back with them', () => {
  const edits = new Edits(() => 10);
  edits.set(2, 0, 'x', cell('y'));
  edits.toggleDelete([2]);
  expect(edits.wire()).toEqual([{ kind: 'delete', row: 2 }]);
  edits.toggleDelete([2]);
  expect(edits.wire()).toEqual([{ kind: 'update', row: 2, column: 0, value: 'x' }]);
});

test('new rows stand behind the others and leave without a trace', () => {
  const edits = new Edits(() => 10);
  expect(edits.insert()).toBe(10);
  edits.set(10, 2, 'a', undefined);
  expect([edits.rowState(10), edits.cell(10, 2)?.text, edits.cell(10, 0)]).toEqual(['inserted', 'a', undefined]);
  expect(edits.wire()).toEqual([{ kind: 'insert', values: [{ column: 2, value: 'a' }] }]);
  edits.dropInserted(9, 10);
  edits.toggleDelete([9]);
  expect(edits.wire()).toEqual([{ kind: 'delete', row: 9 }]);
});

test('in another order a change names the row of the result, and stays with it', () => {
  const shown = [7, 3, 5];
  const edits = new Edits(() => shown.length, (row) => shown[row]);
  edits.set(0, 1, 'x', cell('y'));
  edits.set(9, 1, 'new', undefined);
  expect(edits.wire()).toEqual([{ kind: 'update', row: 7, column: 1, value: 'x' }]);
  shown.reverse();
  expect([edits.rowState(0), edits.rowState(2), edits.cell(2, 1)?.text]).toEqual([null, 'edited', 'x']);
  expect(edits.insert()).toBe(3);
  edits.set(3, 0, 'a', undefined);
  expect(edits.wire()[1]).toEqual({ kind: 'insert', values: [{ column: 0, value: 'a' }] });
});

test('a row that is not here yet is not changed', () => {
  const edits = new Edits(() => 10, () => undefined);
  edits.set(4, 0, 'x', undefined);
  expect([edits.count, edits.rowState(4)]).toEqual([0, null]);
});
