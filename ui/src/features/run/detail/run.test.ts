import { expect, test } from 'vitest';
import { Client, type ResultRow, type RunDetail, type RunRow } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { RunState } from './run.svelte';

const resultOf = (id: string, configurationId: string, status = 'completed') => ({ id, configurationId, status }) as ResultRow;
const at = (id: string, createdAt: string) => ({ id, createdAt }) as RunRow;
const listOf = (...runs: RunRow[]) => ({ runs, older: null, newer: null, total: { count: null, method: 'not_asked' } });
function setUp(next: string | null, near: { up: RunRow[]; down: RunRow[] } = { up: [], down: [] }) {
  const detail = {
    row: at('5', '2026-11-20T10:00:00Z'),
    results: { results: [resultOf('1', 'a'), resultOf('2', 'b', 'failed'), resultOf('3', 'b')], next },
  } as RunDetail;
  const transport = new FakeTransport({
    run_show: detail,
    run_list: ({ query }: { query: { ascending: boolean } }) => listOf(...(query.ascending ? near.up : near.down)),
    result_list: ({ query }: { query: { after: string | null } }) => ({ results: [resultOf(query.after ? '5' : '4', 'b', 'failed')], next: null }),
  });
  return { transport, run: new RunState(new Client(transport), 'c1') };
}

test('results that came whole are filtered here', async () => {
  const { transport, run } = setUp(null);
  await run.read('5');
  await run.results.show({ configuration: 'b', failed: true });
  expect(run.results.rows.map((one) => one.id)).toEqual(['2']);
  await run.results.show({ configuration: null, failed: false });
  expect(run.results.rows).toHaveLength(3);
  expect(transport.argsOf('result_list')).toEqual([]);
});

test('of more results than one page the backend is asked', async () => {
  const { transport, run } = setUp('3');
  await run.read('5');
  await run.results.show({ configuration: 'b', failed: true });
  expect(transport.argsOf('result_list')).toMatchObject([{ query: { run: '5', configuration: 'b', statuses: ['failed'], after: null } }]);
  expect(run.results.rows.map((one) => one.id)).toEqual(['4']);
});

test('reading more appends, and is remembered when a filter is lifted', async () => {
  const { run } = setUp('3');
  await run.read('5');
  await run.results.readMore();
  expect(run.results.rows.map((one) => one.id)).toEqual(['1', '2', '3', '5']);
  expect(run.results.next).toBeNull();
  await run.results.show({ configuration: 'a', failed: false });
  await run.results.show({ configuration: null, failed: false });
  expect(run.results.rows).toHaveLength(4);
});

test('neighbours of the same moment are told apart by id', async () => {
  const same = '2026-11-20T10:00:00Z';
  const { run } = setUp(null, { up: [at('4', same), at('5', same), at('6', same), at('9', '2026-11-21T10:00:00Z')], down: [at('1', '2026-11-01T10:00:00Z')] });
  await run.read('5');
  expect(run.neighbours.value).toEqual({ newer: '6', older: '4' });
});

test('another run forgets the results of the one before', async () => {
  const { transport, run } = setUp(null);
  await run.read('5');
  transport.answer('run_show', () => Promise.reject({ code: 'not_found', message: 'there is no run 6' }));
  await run.read('6');
  expect(run.detail.value).toBeNull();
  expect(run.results.rows).toEqual([]);
  expect(run.detail.error?.message).toBe('there is no run 6');
});
