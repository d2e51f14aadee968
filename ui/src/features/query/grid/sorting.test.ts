import { expect, test } from 'vitest';
import type { QueryColumn } from '../wire';
import { arrangedHere, COLLATION, isByBytes } from './sorting';

const column = (kind: QueryColumn['kind']): QueryColumn => ({ name: kind, typeName: kind, kind, table: null, column: null });
const COLUMNS = [column('number'), column('text'), column('timestamptz'), column('other')];
const by = (...columns: number[]) => columns.map((at) => ({ column: at, descending: false }));

test('text that is sorted here is said to be by bytes, and why the server may differ', () => {
  const said = arrangedHere(by(1), 0, COLUMNS, 1000);
  expect(said.text).toBe('sorted here, by bytes, over all 1,000 rows');
  expect(said.title).toBe(`${said.text}. ${COLLATION}`);
  expect(arrangedHere(by(0, 1), 2, COLUMNS, 7).text).toBe('sorted, by bytes, and filtered here, over all 7 rows');
});

test('numbers and moments are sorted by value, and nothing is said of bytes', () => {
  const said = arrangedHere(by(0, 2), 0, COLUMNS, 7);
  expect(said).toEqual({ text: 'sorted here, over all 7 rows', title: 'sorted here, over all 7 rows' });
  expect(arrangedHere(by(0), 1, COLUMNS, 7).text).toBe('sorted and filtered here, over all 7 rows');
});

test('an enum or another type of its own has an order that only the server knows', () => {
  expect(COLUMNS.map(isByBytes)).toEqual([false, true, false, true]);
  expect(isByBytes(undefined)).toBe(false);
});

test('rows as they came say nothing', () => expect(arrangedHere([], 0, COLUMNS, 7).text).toBe(''));

test('a filter alone sorts nothing', () => expect(arrangedHere([], 1, COLUMNS, 7).text).toBe('filtered here, over all 7 rows'));
