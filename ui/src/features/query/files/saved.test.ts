import { expect, test } from 'vitest';
import type { QueryDraft, QueryFile } from '../wire';
import { draftItems, fileItems } from './saved.svelte';

const file = (path: string, more: Partial<QueryFile> = {}): QueryFile => ({ path, title: path.replace(/^.*\/|\.sql$/g, ''), starter: false, connection: null, answers: null, corrects: null, needs: null, problem: null, parameters: [], server: null, bytes: 1, modifiedAt: null, ...more });
const draft = (tab: string, more: Partial<QueryDraft> = {}): QueryDraft => ({ tab, connection: 'c', title: tab, text: 'select 1', cursor: 0, file: null, revision: 1, ...more });

test('a file that a tab has open leads to that tab, and own ones stand before the starter set', () => {
  const items = fileItems([file('starter:index_usage', { starter: true, answers: 'Which indexes are never used?' }), file('week/tokens.sql')], [draft('q1', { file: 'week/tokens.sql' })], 'c', '');
  expect(items.map((one) => [one.title, one.opens])).toEqual([['tokens', { kind: 'tab', tab: 'q1' }], ['starter:index_usage', { kind: 'file', path: 'starter:index_usage' }]]);
});

test('a tab of another connection is another tab', () => {
  const [item] = fileItems([file('a.sql')], [draft('q1', { file: 'a.sql', connection: 'other' })], 'c', '');
  expect(item?.opens).toEqual({ kind: 'file', path: 'a.sql' });
});

test('every word has to be there', () => {
  const files = [file('a/slow refunds.sql'), file('a/tokens.sql')];
  expect(fileItems(files, [], 'c', 'refunds SLOW').map((one) => one.title)).toEqual(['slow refunds']);
  expect(fileItems(files, [], 'c', 'refunds tokens')).toEqual([]);
});

test('drafts are those of this connection that hold something, without the one that is shown', () => {
  expect(draftItems([draft('q1'), draft('q2'), draft('q3', { text: ' ' }), draft('q4', { connection: 'other' })], 'c', 'q1', '').map((one) => one.key)).toEqual(['q2']);
});
