import { expect, test } from 'vitest';
import { Client, type RunPage, type RunRow } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { NO_FILTER } from './filter';
import { RunsState } from './runs.svelte';

const rowOf = (id: string) => ({ id, name: `run ${id}` }) as RunRow;
const pageOf = (...ids: string[]): RunPage => ({ runs: ids.map(rowOf), older: null, newer: null, total: { count: ids.length, method: 'exact' } });
const facet = (values: Record<string, number>) => ({ values: Object.entries(values).map(([value, count]) => ({ value, count })), notCounted: null });
const stateOf = (answers: Record<string, unknown>) => {
  const transport = new FakeTransport(answers);
  return { transport, runs: new RunsState(new Client(transport), 'c1', () => new Date('2026-11-22T14:00:00Z')) };
};

test('a page is asked for with the filter, the cursor and the direction', async () => {
  const { transport, runs } = stateOf({ run_list: pageOf('3', '2') });
  await runs.read({ ...NO_FILTER, view: 'stuck', search: ' x', cursor: '3|t', newer: true });
  expect(transport.argsOf('run_list')[0]).toMatchObject({ connection: 'c1', query: { outcomes: ['stuck'], cursor: '3|t', direction: 'newer', limit: 50 } });
  expect(runs.page.value?.runs.map((run) => run.id)).toEqual(['3', '2']);
});

test('a reply that comes late is dropped', async () => {
  const replies: ((page: RunPage) => void)[] = [];
  const { runs } = stateOf({ run_list: () => new Promise<RunPage>((resolve) => replies.push(resolve)) });
  const [slow, quick] = [runs.read(NO_FILTER), runs.read({ ...NO_FILTER, search: 'new' })];
  replies[1]?.(pageOf('9'));
  await quick;
  replies[0]?.(pageOf('1'));
  await slow;
  expect(runs.page.value?.runs[0]?.id).toBe('9');
  expect(runs.page.loading).toBe(false);
});

test('an error keeps the rows that were there', async () => {
  const { transport, runs } = stateOf({ run_list: pageOf('3') });
  await runs.read(NO_FILTER);
  transport.answer('run_list', () => Promise.reject({ code: 'connection_refused', message: 'gone' }));
  await runs.read(NO_FILTER);
  expect(runs.page.error?.message).toBe('gone');
  expect(runs.page.value?.runs[0]?.id).toBe('3');
});

test('counts of views are sums of the outcomes, and null where nothing was counted', async () => {
  const nothing = { values: [], notCounted: 'It took longer than 2 s.' };
  const facets = { outcome: facet({ completed: 10, failed: 2, all_failed: 1, partly_failed: 4 }), status: facet({}), agent: nothing, initiatedBy: facet({}) };
  const { transport, runs } = stateOf({ run_facets: facets, run_list: pageOf('1') });
  await runs.readCounts();
  expect([runs.all, runs.countOf('attention'), runs.countOf('failed'), runs.countOf('stuck'), runs.countOf('week')]).toEqual([17, 7, 3, 0, 1]);
  transport.answer('run_facets', { ...facets, outcome: nothing });
  await runs.readCounts();
  expect([runs.all, runs.countOf('failed')]).toEqual([null, null]);
});

test('J and K walk the page and stop at its ends', async () => {
  const { runs } = stateOf({ run_list: pageOf('3', '2') });
  await runs.read(NO_FILTER);
  expect([runs.step(1), runs.step(1), runs.step(1), runs.step(-1)]).toEqual(['3', '2', '2', '3']);
});
