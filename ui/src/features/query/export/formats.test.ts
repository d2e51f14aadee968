import { expect, test } from 'vitest';
import { suggested } from './formats';

test('a file is named after its query, without what a path would trip over', () => {
  expect(suggested('slow refunds.sql', 'csv')).toBe('slow-refunds.csv');
  expect(suggested('../../etc/<script>', 'json')).toBe('etc-script.json');
  expect(suggested('評価 🦀', 'csv')).toBe('評価.csv');
  expect(suggested('…', 'csv')).toBe('result.csv');
});
