import { expect, test } from 'vitest';
import { marksOf, rewritten, safeOf, textOf } from './lint';
import { finding } from './sample';

const TEXT = "select '🦀';\ncreate index i on t (a);\nselect $1;\n";
const AT = { line: 2, column: 1, endLine: 2, endColumn: 24 };

test('a rewrite takes the place of what was found, and of nothing else', () => {
  expect(textOf(TEXT, AT)).toBe('create index i on t (a)');
  expect(rewritten(TEXT, finding(AT))).toBe(TEXT.replace('create index', 'create index concurrently'));
  expect(rewritten(TEXT, finding({ ...AT, rewrite: "select '$&';" }))).toBe("select '🦀';\nselect '$&';\nselect $1;\n");
});

test('a finding on a part of a statement replaces the whole of it', () => {
  const part = { line: 2, column: 8, endLine: 2, endColumn: 13 };
  expect(rewritten(TEXT, finding({ ...part, replaces: AT }))).toBe(TEXT.replace('create index', 'create index concurrently'));
});

test('what takes the file out of its transaction stands in its head', () => {
  const found = finding({ ...AT, replaces: AT, rewrite: '-- evaldesk: no-transaction\n\ncreate index concurrently i on t (a);' });
  expect(rewritten(TEXT, found)).toBe(`-- evaldesk: no-transaction\n${TEXT.replace('create index', 'create index concurrently')}`);
});

test('places count characters, whatever a string holds', () => {
  expect(textOf(TEXT, { line: 1, column: 8, endLine: 1, endColumn: 11 })).toBe("'🦀'");
  expect(textOf(TEXT, { line: 9, column: 1, endLine: 9, endColumn: 5 })).toBe('');
});

test('what was accepted is no longer marked', () => {
  expect(marksOf([finding(AT), finding({ accepted: 'it is empty' })])).toEqual([{ line: 2, column: 0, severity: 'error', message: 'Every write to t waits.' }]);
});

test('a file that says already that it runs without a transaction is not told so again', () => {
  const found = finding({ rewrite: '-- evaldesk: no-transaction\n\ncreate index concurrently i on t (a);', line: 2, endLine: 2, column: 1, endColumn: 24 });
  const text = '-- evaldesk: no-transaction\ncreate index i on t (a);\n';
  expect(safeOf(text, found)).toBe('create index concurrently i on t (a);');
  expect(rewritten(text, found)).toBe('-- evaldesk: no-transaction\ncreate index concurrently i on t (a);\n');
  expect(safeOf('-- no-transaction\nselect 1;', found)).toBe('create index concurrently i on t (a);');
  expect(safeOf('select 1;', found)).toBe(found.rewrite);
});
