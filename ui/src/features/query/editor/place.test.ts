import { expect, test } from 'vitest';
import type { QueryStatement } from '../wire';
import { errorMarks, movedBy, wordAt } from './place';

const TEXT = 'select 1;\nselect nme from runs';
const failed = { from: 10, to: 30, line: 2, error: { message: 'column "nme" does not exist', hint: 'Perhaps "name".', position: 17 } } as unknown as QueryStatement;

test('the word at the place is marked, with what the server said', () => {
  expect(errorMarks([failed], TEXT, TEXT)).toEqual([{ line: 2, range: { from: 17, to: 20 }, severity: 'error', message: 'column "nme" does not exist\nPerhaps "name".' }]);
});

test('the mark goes along when what stands before it changes, and leaves when the statement does', () => {
  const now = `-- a remark\n${TEXT}`;
  expect(errorMarks([failed], TEXT, now)[0]?.range).toEqual({ from: 29, to: 32 });
  expect(errorMarks([failed], TEXT, TEXT.replace('nme', 'name'))).toEqual([]);
  expect(movedBy(TEXT, '', { from: 10, to: 30 })).toBeNull();
});

test('a place behind the end is its last letter', () => {
  expect(wordAt('select', 6)).toEqual({ from: 5, to: 6 });
  expect(wordAt('select r."na me", 1', 7)).toEqual({ from: 7, to: 16 });
  expect(wordAt('a ->> b', 2)).toEqual({ from: 2, to: 3 });
  expect(wordAt('', 3)).toEqual({ from: 0, to: 1 });
});

test('after a reload the beginning of the statement is what is known', () => {
  const kept = { ...failed, sql: 'select nme from runs' };
  expect(errorMarks([kept], null, `\n${TEXT}`)[0]?.range).toEqual({ from: 18, to: 21 });
  expect(errorMarks([kept], null, 'select 2')).toEqual([]);
});
