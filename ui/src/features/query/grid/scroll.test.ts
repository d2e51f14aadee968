import { expect, test } from 'vitest';
import { barAt, barHeight, MOST, pageOf, ratio, ROW, seen, showing, topAt, wholeHeight } from './scroll';

const TEN_MILLION = { rows: 10_000_000, view: 420 };
const FEW = { rows: 1000, view: 420 };

test('few rows scroll pixel by pixel', () => {
  expect(ratio(FEW)).toBe(1);
  expect(barHeight(FEW)).toBe(28_000);
  expect(topAt(137, FEW)).toBe(137);
});

test('ten million rows fit a bar that every engine can draw', () => {
  expect(barHeight(TEN_MILLION)).toBe(MOST);
  expect(ratio(TEN_MILLION)).toBeGreaterThan(30);
});

test('both ends of the bar are both ends of the rows', () => {
  expect(topAt(0, TEN_MILLION)).toBe(0);
  const end = MOST - TEN_MILLION.view;
  expect(topAt(end, TEN_MILLION)).toBe(wholeHeight(TEN_MILLION) - TEN_MILLION.view);
  expect(seen(topAt(end, TEN_MILLION), TEN_MILLION).end).toBe(10_000_000);
});

test('a place goes to the bar and back to within a hair', () => {
  for (const row of [0, 1, 632_471, 5_000_000, 9_999_900]) expect(topAt(barAt(row * ROW, TEN_MILLION), TEN_MILLION)).toBeCloseTo(row * ROW, 3);
});

test('a row that is seen whole stays where it is; one beyond an edge comes to that edge', () => {
  expect(showing(3, 0, FEW)).toBe(0);
  expect(showing(2, 140, FEW)).toBe(56);
  expect(showing(20, 0, FEW)).toBe(21 * ROW - 420);
  expect(showing(999, 0, FEW)).toBe(28_000 - 420);
});

test('nothing is seen of no rows', () => {
  expect(seen(0, { rows: 0, view: 420 })).toEqual({ first: 0, end: 0 });
  expect(showing(0, 0, { rows: 0, view: 420 })).toBe(0);
  expect(pageOf({ rows: 5, view: 10 })).toBe(1);
});
