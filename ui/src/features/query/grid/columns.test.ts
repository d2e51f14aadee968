import { expect, test } from 'vitest';
import type { QueryColumn } from '../wire';
import { arrange, bare, hidden, inSight, LEAST, movedTo, pinned, resized, shifted, shortType, widthFor } from './columns';

const column = (name: string, typeName = 'text', kind: QueryColumn['kind'] = 'text'): QueryColumn => ({ name, typeName, kind, table: null, column: null });
const COLUMNS = ['a', 'b', 'c', 'd'].map((name) => column(name));
const AUTO = [100, 100, 100, 100];
const names = (layout: ReturnType<typeof bare>) => arrange(COLUMNS, layout, AUTO).map((one) => one.column.name).join('');

test('a pinned column stands first, a hidden one nowhere', () => {
  expect(names(pinned(bare(4), 2))).toBe('cabd');
  expect(names(pinned(pinned(bare(4), 2), 2))).toBe('abcd');
  expect(names(hidden(bare(4), 1))).toBe('acd');
});

test('columns change places, by a step or by a pull', () => {
  const start = bare(4);
  expect(names(shifted(start, arrange(COLUMNS, start, AUTO), 1, 1))).toBe('acbd');
  expect(names(shifted(start, arrange(COLUMNS, start, AUTO), 0, -1))).toBe('abcd');
  expect(names(movedTo(start, 3, 0, false))).toBe('dabc');
  const held = pinned(start, 0);
  expect(names(shifted(held, arrange(COLUMNS, held, AUTO), 1, -1))).toBe('abcd');
});

test('a width has bounds', () => {
  expect(resized(bare(4), 0, 3).widths[0]).toBe(LEAST);
  expect(widthFor(column('id', 'bigint', 'number'), ['1'])).toBeLessThan(90);
  expect(widthFor(column('note'), ['x'.repeat(5000)])).toBe(320);
});

test('two columns of one name are two columns', () => {
  const twice = [column('id'), column('id')];
  expect(arrange(twice, movedTo(bare(2), 1, 0, false), [60, 90]).map((one) => [one.index, one.left])).toEqual([[1, 0], [0, 90]]);
});

test('of sixteen hundred columns only those in sight are drawn, pinned ones always', () => {
  const many = Array.from({ length: 1600 }, (_, at) => column(`c${at}`));
  const shown = arrange(many, pinned(bare(1600), 1599), Array.from({ length: 1600 }, () => 100));
  const drawn = inSight(shown, 80_000, 1000);
  expect(drawn.length).toBeLessThan(16);
  expect(drawn[0]?.index).toBe(1599);
});

test('types are named short, arrays and lengths kept', () => {
  expect(['bigint', 'timestamp(6) without time zone', 'timestamp with time zone', 'character varying(255)', 'integer[]', 'my type', 'numeric(10,2)'].map(shortType)).toEqual(['int8', 'timestamp(6)', 'timestamptz', 'varchar(255)', 'int4[]', 'my type', 'numeric(10,2)']);
});
