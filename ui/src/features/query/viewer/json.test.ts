import { expect, test } from 'vitest';
import { findJson, linesOf, parseJson, pathOf, sameIn, sqlOf, summary } from './json';

const TEXT = '{"token_delta": {"absolute": 214, "percentage": 61.49}, "runs": [1, {"a b": null}], "note": "say \\"hi\\"", "empty": {}}';
const parsed = parseJson(TEXT);
const root = () => {
  if (!parsed) throw new Error('it is JSON');
  return parsed;
};
const find = (text: string) => findJson(root(), text)[0] ?? root();

test('numbers keep every digit', () => {
  const big = parseJson('[12345678901234567890.12345678901234567890, 1e400, -0]');
  expect(big?.children.map((one) => one.raw)).toEqual(['12345678901234567890.12345678901234567890', '1e400', '-0']);
});

test('lines open and close, a closed node is one line', () => {
  const lines = linesOf(root(), new Set());
  expect(lines.map((line) => line.end)).toContain(true);
  const closed = linesOf(root(), new Set([find('token_delta')]));
  expect(lines.length - closed.length).toBe(3);
  expect(summary(find('token_delta'))).toBe('{ 2 keys }');
  expect(summary(find('empty'))).toBe('{}');
});

test('paths for people and for SQL', () => {
  expect(pathOf(find('absolute'))).toBe('token_delta.absolute');
  expect(pathOf(find('a b'))).toBe('runs[1]."a b"');
  expect(sqlOf('baseline_comparison', find('absolute'))).toBe("baseline_comparison -> 'token_delta' ->> 'absolute'");
  expect(sqlOf('Odd "name"', find('a b'))).toBe(`"Odd ""name""" -> 'runs' -> 1 ->> 'a b'`);
});

test('the same place is found in the value of another row', () => {
  const other = parseJson('{"runs": [0, {"a b": 7}], "token_delta": {"absolute": 9}}');
  expect(other && sameIn(other, find('a b'))?.raw).toBe('7');
  expect(other && sameIn(other, find('absolute'))?.raw).toBe('9');
  expect(other && sameIn(other, find('note'))).toBeNull();
});

test('keys and values are found', () => {
  expect(findJson(root(), 'HI').map(pathOf)).toEqual(['note']);
  expect(findJson(root(), 'e').length).toBeGreaterThan(3);
});

test('scalars are JSON too', () => {
  expect([parseJson('null')?.raw, parseJson('"x"')?.kind, parseJson(' 5 ')?.raw]).toEqual(['null', 'string', '5']);
});

test('what is cut or no JSON is not taken for it', () => {
  for (const text of ['', '{', '{"a": 1', '[1, 2', '{"a" 1}', '[1 2]', '[1,', '{"a":}', '1 2', '[1]]', 'abc', '{"a": 1} x', '{a: 1}']) expect([text, parseJson(text)]).toEqual([text, null]);
});

test('a key that comes twice comes twice, and deep nesting does not break it', () => {
  expect(parseJson('{"a": 1, "a": 2}')?.children).toHaveLength(2);
  const deep = parseJson('['.repeat(50_000) + ']'.repeat(50_000));
  expect(deep && linesOf(deep, new Set()).length).toBe(99_999);
});
