import { expect, test } from 'vitest';
import { wordCount, wordDiff } from './diff';

const check = (before: string, after: string, expected: string) =>
  expect(wordDiff(before, after).map(({ kind, text }) => (kind === 'same' ? text : kind === 'del' ? `[-${text}-]` : `{+${text}+}`)).join('')).toBe(expected);

test('words that stay stay', () => {
  check('State each amount.', 'State amounts.', 'State [-each amount-]{+amounts+}.');
  check('a b c', 'a b c', 'a b c');
  check('', 'new text', '{+new text+}');
  check('old text', '', '[-old text-]');
});

test('a replaced phrase reads as one', () => check('Explain every step in detail. Be kind.', 'Be brief. Be kind.', '[-Explain every step in detail-]{+Be brief+}. Be kind.'));

test('putting both sides together again loses no word', () => {
  const [before, after] = ['Ünï  cödé\n✓ 1,000 €', 'Ünï cödé ✗ 1.000 €\n'];
  const pieces = wordDiff(before, after);
  const side = (other: string) => pieces.filter(({ kind }) => kind !== other).map(({ text }) => text).join('');
  expect(side('ins').replace(/\s+/g, '')).toBe(before.replace(/\s+/g, ''));
  expect(side('del').replace(/\s+/g, '')).toBe(after.replace(/\s+/g, ''));
});

test('texts too long to compare word by word are replaced whole', () => {
  const long = (word: string) => Array.from({ length: 3000 }, (_, at) => `${word}${at}`).join(' ');
  expect(wordDiff(long('a'), long('b')).length).toBeLessThan(5);
});

test('words are counted without signs', () => expect(wordCount('Be brief, now: 2 × 3.')).toBe(5));
