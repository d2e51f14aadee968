import { expect, test } from 'vitest';
import { jsonPieces, prettyJson } from './json';

test('indenting keeps every digit and every sign', () => {
  expect(prettyJson('{"a":12345678901234567890.10,"b":[1,{"c":"x, {y}: \\"z\\""}],"e":{},"f":[]}')).toBe(
    '{\n  "a": 12345678901234567890.10,\n  "b": [\n    1,\n    {\n      "c": "x, {y}: \\"z\\""\n    }\n  ],\n  "e": {},\n  "f": []\n}',
  );
});

test('what is cut, or is no JSON, stays as it came', () => {
  expect(prettyJson('{"a": "not clo')).toBe('{"a": "not clo');
  expect(prettyJson('plain words')).toBe('plain words');
  expect(prettyJson('{\n "a": 1\n}')).toBe('{\n "a": 1\n}');
});

test('pieces put together are the text', () => {
  const text = '{"k": "v", "n": -1.5e3, "t": true, "z": null}';
  const pieces = jsonPieces(text);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.filter((piece) => piece.tone).map((piece) => piece.tone)).toEqual(['j', 's', 'j', 'd', 'j', 'k', 'j', 'k']);
});
