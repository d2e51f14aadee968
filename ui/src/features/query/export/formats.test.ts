import { expect, test } from 'vitest';
import { folderOf, isWhole, joined, suggested } from './formats';

test('a file is named after its query, without what a path would trip over', () => {
  expect(suggested('slow refunds.sql', 'csv')).toBe('slow-refunds.csv');
  expect(suggested('../../etc/<script>', 'json')).toBe('etc-script.json');
  expect(suggested('評価 🦀', 'csv')).toBe('評価.csv');
  expect(suggested('…', 'csv')).toBe('result.csv');
});

test('a path is whole from its root on, on either kind of system', () => {
  expect(['/tmp/a.csv', 'C:\\a.csv', '\\\\host\\share\\a.csv'].map(isWhole)).toEqual([true, true, true]);
  expect(['a.csv', './a.csv', '', '~/a.csv'].map(isWhole)).toEqual([false, false, false, false]);
  expect([folderOf('/tmp/x/a.csv'), folderOf('C:\\x\\a.csv'), folderOf('a.csv')]).toEqual(['/tmp/x', 'C:\\x', '']);
  expect([joined('/tmp', 'a.csv'), joined('C:\\x', 'a.csv'), joined('', 'a.csv')]).toEqual(['/tmp/a.csv', 'C:\\x\\a.csv', 'a.csv']);
});
