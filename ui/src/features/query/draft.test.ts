import { beforeEach, expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { caller } from './calls';
import { Draft } from './draft.svelte';
import type { QueryDraft } from './wire';

const KEPT: QueryDraft = { tab: 'q1', connection: 'c', title: 'Query 3', text: 'select 1', cursor: 8, file: null, revision: 7 };

function begin(answers: Record<string, unknown> = {}) {
  const transport = new FakeTransport({ query_draft_list: [KEPT], query_draft_save: ({ draft }: { draft: QueryDraft }) => ({ tab: draft.tab, revision: draft.revision + 1, forked: false }), query_file_save: { text: '', stamp: 's2' }, ...answers });
  return { transport, draft: new Draft(caller(new Client(transport)), 'q1', 'c'), saved: () => transport.argsOf('query_draft_save').map((one) => (one as { draft: QueryDraft }).draft) };
}

beforeEach(() => vi.useFakeTimers());

test('a restored tab has its text, and nothing was connected or run', async () => {
  const { transport, draft } = begin();
  await draft.begin({ text: 'select 2' });
  expect([draft.text, draft.title, draft.dirty]).toEqual(['select 1', 'Query 3', true]);
  expect(transport.calls.map((one) => one.name)).toEqual(['query_draft_list']);
});

test('a new tab takes the next number', async () => {
  const { draft } = begin({ query_draft_list: [{ ...KEPT, tab: 'other' }] });
  await draft.begin();
  expect([draft.title, draft.dirty]).toEqual(['Query 4', false]);
});

test('a burst of typing is kept once, 300 ms after its last letter', async () => {
  const { draft, saved } = begin();
  await draft.begin();
  for (const text of ['s', 'se', 'sel']) {
    draft.typed(text);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(saved()).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(300);
  expect(saved()).toMatchObject([{ text: 'sel', revision: 7 }]);
  draft.typed('sele');
  await draft.keep();
  expect(saved()[1]?.revision).toBe(8);
});

test('leaving the editor keeps at once, and only what is new', async () => {
  const { draft, saved } = begin();
  await draft.begin();
  await draft.keep();
  expect(saved()).toHaveLength(0);
  draft.typed('select 3');
  await draft.keep();
  expect(saved()).toMatchObject([{ text: 'select 3' }]);
});

test('while one is being written only the newest of the others follows', async () => {
  let open: () => void = () => undefined;
  const { draft, saved } = begin({ query_draft_save: () => new Promise((done) => (open = () => done({ tab: 'q1', revision: 8, forked: false }))) });
  await draft.begin();
  for (const text of ['a', 'b', 'c']) {
    draft.typed(text);
    void draft.keep();
    await vi.advanceTimersByTimeAsync(0);
  }
  open();
  await vi.advanceTimersByTimeAsync(0);
  expect(saved().map((one) => one.text)).toEqual(['a', 'c']);
});

test('what cannot be kept is said', async () => {
  const { draft } = begin({ query_draft_save: () => Promise.reject({ code: 'io', message: 'The disk is full.' }) });
  await draft.begin();
  draft.typed('x');
  await draft.keep();
  expect(draft.unkept?.message).toBe('The disk is full.');
});

test('line breaks of another system count as one letter', async () => {
  const { draft, transport } = begin({ query_file_read: { text: 'select 1;\r\nselect 2', stamp: 's1', file: { starter: false, parameters: [] } } });
  await draft.begin();
  await draft.open('queries/two.sql');
  expect([draft.text, draft.name, draft.dirty]).toEqual(['select 1;\nselect 2', 'two.sql', false]);
  draft.typed('select 3');
  expect(draft.dirty).toBe(true);
  await draft.save('queries/two.sql');
  expect(draft.dirty).toBe(false);
  await draft.save('queries/two.sql');
  expect(transport.argsOf('query_file_save').map((one) => (one as { stamp: string }).stamp)).toEqual(['s1', 's2']);
});

test('another window has changed the tab: both texts are kept, and this one goes on by itself', async () => {
  const { draft, saved } = begin({ query_draft_save: ({ draft: given }: { draft: QueryDraft }) => ({ tab: `${given.tab}x`.slice(0, 3), revision: 1, forked: given.tab === 'q1' }) });
  await draft.begin();
  draft.typed('mine');
  await draft.keep();
  expect(draft.notice).toMatch(/Both texts are kept/);
  draft.typed('mine too');
  await draft.keep();
  expect(saved().map((one) => one.tab)).toEqual(['q1', 'q1x']);
});

test('a file that changed beside us is followed, unless its text was touched here', async () => {
  const { draft } = begin({ query_file_read: { text: 'select 1', stamp: 's1', file: { starter: false, parameters: [] } }, query_file_changed: ['a.sql'] });
  await draft.begin();
  await draft.open('a.sql');
  draft.typed('mine');
  await draft.follow();
  expect([draft.text, draft.notice]).toEqual(['mine', expect.stringContaining('saving asks first')]);
  draft.typed('select 1');
  await draft.follow();
  expect(draft.text).toBe('select 1');
});

test('a query of the starter set gives its text and is no file of ours', async () => {
  const { draft } = begin({ query_draft_list: [], query_file_read: { text: 'select 1', stamp: '', file: { starter: true, title: 'Index usage', parameters: [{ name: 'days', value: '7' }] } } });
  await draft.begin({ file: 'starter:index_usage' });
  expect([draft.file, draft.name, draft.text, draft.dirty]).toEqual([null, 'Index usage', 'select 1', true]);
  expect(draft.parameters).toEqual([{ name: 'days', value: '7' }]);
});
