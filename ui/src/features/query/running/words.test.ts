import { expect, test } from 'vitest';
import type { QueryResult, QueryState, QueryStatement } from '../wire';
import { opening, outcome, phaseOf, remainingMs, resultLabel, rounded, rowsSaid, share } from './words';

const statement = (more: Partial<QueryStatement> = {}): QueryStatement => ({ index: 0, sql: 'select 1', line: 1, from: 0, to: 8, outcome: 'done', tag: 'SELECT 1', rows: 1, durationMs: 1, firstRowMs: 1, result: 'r', error: null, ...more });
const result = (more: Partial<QueryResult> = {}): QueryResult => ({ id: 'r', statement: 0, columns: [], rows: 1, complete: true, stopped: null, bytes: 10, estimate: null, arranged: null, edit: { kind: 'not', why: '' }, ...more });
const state = (more: Partial<QueryState> = {}): QueryState => ({
  tab: 'q', connection: 'c', run: 1, phase: 'idle', elapsedMs: 0, pid: 1, transaction: 'none', transactionMs: null, rollbackInMs: null, statements: [statement()], statementCount: 1, results: [result()], notices: [], noticesDropped: 0, error: null, storedBytes: 0, spilledBytes: 0, ...more,
});

test('a statement is named by its first words, not by its comments', () => {
  expect(opening('-- all of them\n/* really */ select\n  a,\n  b from t')).toBe('select a, b from t');
  expect(opening('select aaaaaaaaaaaaaaaaaaaaaaaaaaaa from t')).toBe('select aaaaaaaaaaaaaaaaa…');
  expect(opening("select '👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧'", 10)).toBe("select '👩‍👩‍👧‍👧👩‍👩‍👧‍👧…");
  expect(resultLabel(result({ statement: 1 }), [statement(), statement({ index: 1, sql: 'table t' })])).toBe('2 table t');
});

test('rows for what returns rows, the tag for what does not', () => {
  expect(outcome(statement({ rows: 1234 }))).toBe('1,234 rows');
  expect(outcome(statement({ result: null, tag: 'UPDATE 3', rows: 3 }))).toBe('UPDATE 3');
  expect(outcome(statement({ outcome: 'skipped' }))).toBe('skipped');
});

test('what streams says of how many, as a guess', () => {
  const streaming = state({ phase: 'running', statements: [statement({ outcome: 'running' })], results: [result({ rows: 632_480, complete: false, estimate: 1_003_211 })] });
  expect(phaseOf(streaming).word).toBe('Streaming');
  expect(rowsSaid(streaming)).toBe('632,480 of about 1,000,000 rows');
  expect(share(streaming)).toBeCloseTo(0.63, 2);
  expect(remainingMs(streaming, 8400)).toBeCloseTo(4924, 0);
});

test('a guess that was passed is no guess any more', () => {
  const past = state({ phase: 'running', results: [result({ rows: 2_000_000, complete: false, estimate: 1_000_000 })] });
  expect([rowsSaid(past), share(past), remainingMs(past, 9000)]).toEqual(['2,000,000 rows', null, null]);
});

test('cancelled is said before failed, and a failure is never done', () => {
  expect(phaseOf(state({ statements: [statement({ outcome: 'cancelled' })] })).word).toBe('Cancelled');
  expect(phaseOf(state({ statements: [statement({ outcome: 'failed' })] })).kind).toBe('failed');
  expect(phaseOf(state({ phase: 'stillRunning' })).kind).toBe('attention');
  expect(phaseOf(state()).word).toBe('Done');
});

test('a guess has two digits', () => {
  expect([rounded(1_003_211), rounded(47), rounded(0), rounded(868)]).toEqual([1_000_000, 47, 0, 870]);
});
