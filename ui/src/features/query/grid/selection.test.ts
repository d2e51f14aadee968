import { expect, test } from 'vitest';
import { at, columnsOf, isOne, isSelected, moved, rowsOf, type Selection } from './selection';

const BOUNDS = { rows: 1000, columns: 5, page: 20 };
const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });
const go = (key: string, from: Selection, more: Partial<KeyboardEvent> = {}) => moved(press(key, more), from, BOUNDS);

test('arrows move by one and stop at the edges', () => {
  expect(go('ArrowDown', at({ row: 3, column: 1 }))?.active).toEqual({ row: 4, column: 1 });
  expect(go('ArrowUp', at({ row: 0, column: 1 }))?.active).toEqual({ row: 0, column: 1 });
  expect(go('ArrowRight', at({ row: 0, column: 4 }))?.active).toEqual({ row: 0, column: 4 });
});

test('Ctrl goes to the end of the way, Page by what is seen', () => {
  const from = at({ row: 3, column: 1 });
  expect(go('ArrowDown', from, { ctrlKey: true })?.active).toEqual({ row: 999, column: 1 });
  expect(go('End', from, { ctrlKey: true })?.active).toEqual({ row: 999, column: 4 });
  expect(go('Home', from, { ctrlKey: true })?.active).toEqual({ row: 0, column: 0 });
  expect(go('PageDown', from)?.active).toEqual({ row: 23, column: 1 });
});

test('Shift draws a rectangle from where it began, in either direction', () => {
  const first = go('ArrowUp', at({ row: 5, column: 2 }), { shiftKey: true });
  const range = first && go('ArrowLeft', first, { shiftKey: true });
  expect(range && [rowsOf(range, 1000), columnsOf(range, 5)]).toEqual([{ first: 4, last: 5 }, { first: 1, last: 2 }]);
  expect(range && isSelected(range, 5, 1)).toBe(true);
  expect(range && isSelected(range, 6, 1)).toBe(false);
});

test('whole rows, whole columns and everything', () => {
  const from = at({ row: 5, column: 2 });
  const row = go(' ', from, { shiftKey: true });
  expect(row && columnsOf(row, 5)).toEqual({ first: 0, last: 4 });
  expect(row && isSelected(row, 6, 0)).toBe(false);
  const column = go(' ', from, { ctrlKey: true });
  expect(column && rowsOf(column, 1000)).toEqual({ first: 0, last: 999 });
  const all = go('a', from, { ctrlKey: true });
  expect(all && isSelected(all, 999, 4)).toBe(true);
  expect(all && isOne(all)).toBe(false);
});

test('a key that moves nothing is left to others, and an empty result has nowhere to go', () => {
  expect(go('x', at({ row: 0, column: 0 }))).toBeNull();
  expect(go(' ', at({ row: 0, column: 0 }))).toBeNull();
  expect(moved(press('ArrowDown'), at({ row: 0, column: 0 }), { rows: 0, columns: 0, page: 1 })).toBeNull();
});
