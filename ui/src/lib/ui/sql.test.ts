import { expect, test } from 'vitest';
import { sqlPieces } from './sql';

const tones = (sql: string) => sqlPieces(sql).filter((piece) => piece.tone).map((piece) => `${piece.tone}:${piece.text}`);

test('keywords, strings, numbers and comments', () => {
  expect(tones("select 'it''s', 42 -- all\nfrom runs")).toEqual(['k:select', "s:'it''s'", 'd:42', 'c:-- all', 'k:from']);
});

test('a quoted name is no keyword, a dollar quote is one string', () => {
  expect(tones('create table "select" ()')).toEqual(['k:create', 'k:table']);
  expect(tones('do $x$ begin; $y$ end $x$')).toEqual(['k:do', 's:$x$ begin; $y$ end $x$']);
});

test('nothing is lost or added', () => {
  const hostile = "select '<img>' || $$ </script> -- \n /* open";
  expect(sqlPieces(hostile).map((piece) => piece.text).join('')).toBe(hostile);
});
