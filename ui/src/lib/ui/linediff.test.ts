import { expect, test } from 'vitest';
import { lineDiff, withContext } from './linediff';

const written = (before: string, after: string) => lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', del: '-', ins: '+' }[kind]}${text}`);

test('a changed line leaves and comes, its neighbours stay', () => {
  expect(written('a\nb\nc\n', 'a\nB\nc\n')).toEqual([' a', '-b', '+B', ' c']);
});

test('lines that were added or taken away at either end', () => {
  expect(written('b', 'a\nb\nc')).toEqual(['+a', ' b', '+c']);
  expect(written('a\nb\nc', 'b')).toEqual(['-a', ' b', '-c']);
});

test('beside nothing there is no empty line', () => {
  expect([written('', 'a'), written('a', '')]).toEqual([['+a'], ['-a']]);
});

test('line ends alone are no difference', () => {
  expect(written('a\r\nb\r\n', 'a\nb')).toEqual([' a', ' b']);
});

test('what is far from a change is one gap', () => {
  const long = Array.from({ length: 20 }, (_, at) => `line ${at}`).join('\n');
  const shown = withContext(lineDiff(long, long.replace('line 10', 'line X')), 1);
  expect(shown.map((line) => line?.text ?? '…')).toEqual(['…', 'line 9', 'line 10', 'line X', 'line 11', '…']);
});

test('two texts that share nothing are replaced whole', () => {
  const [a, b] = ['x', 'y'].map((letter) => Array.from({ length: 3000 }, (_, at) => `${letter}${at}`).join('\n'));
  expect(lineDiff(a ?? '', b ?? '').slice(2999, 3001).map((line) => line.kind)).toEqual(['del', 'ins']);
});
