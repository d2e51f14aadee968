import { expect, test } from 'vitest';
import { match, pieces } from './match';

const marked = (query: string, label: string) =>
  pieces(label, match(query, label)?.ranges ?? []).map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join('');

test('letters at the beginning of a word are marked', () => {
  expect(marked('rein', 'Reindex an index…')).toBe('[Rein]dex an index…');
  expect(marked('rein', 'refund reinstatement')).toBe('refund [rein]statement');
});

test('words may stand in any order', () => {
  expect(marked('spans index', 'index_evaluation_spans')).toBe('[index]_evaluation_[spans]');
});

test('letters in order are enough, beginnings of words first', () => {
  expect(marked('gs', 'Go to schema')).toBe('[G]o to [s]chema');
  expect(match('zz', 'Schema')).toBeNull();
});

test('a beginning beats a middle', () => {
  const begin = match('run', 'Runs')?.score ?? 0;
  const middle = match('run', 'Prune everything')?.score ?? 0;
  expect(begin).toBeGreaterThan(middle);
});

test('nothing typed matches all and marks nothing', () => {
  expect(match('  ', 'Schema')).toEqual({ score: 0, ranges: [] });
});
