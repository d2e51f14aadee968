import { expect, test } from 'vitest';
import { Client, type Attention, type OverviewReply, type TableSize } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { verbOf } from './attention';
import { OverviewState } from './overview.svelte';

const table = (name: string, exact: boolean) => ({ schema: 'public', name, rows: { rows: 5, exact } }) as TableSize;
const REPLY = { overview: { tables: [table('a', false), table('b', true), table('c', false)] }, recent: [], recentProblem: null } as unknown as OverviewReply;

test('only guessed rows are counted, one table after the other, and a failure stops no other', async () => {
  const transport = new FakeTransport({
    overview_show: REPLY,
    table_count: ({ table }: { table: { name: string } }) => (table.name === 'a' ? Promise.reject({ code: 'cancelled', message: 'stopped' }) : { rows: 42 }),
  });
  const overview = new OverviewState(new Client(transport), 'c1');
  await overview.read();
  await overview.countExactly();
  expect(transport.argsOf('table_count').map((args) => (args as { table: { name: string } }).table.name)).toEqual(['a', 'c']);
  expect(overview.exact.get('public.c')).toEqual({ state: 'counted', rows: 42 });
  expect(overview.exact.get('public.a')?.state).toBe('failed');
  expect(overview.counting).toBe(false);
});

test('reading again forgets old counts and keeps what is shown when it fails', async () => {
  const transport = new FakeTransport({ overview_show: REPLY, table_count: { rows: 1 } });
  const overview = new OverviewState(new Client(transport), 'c1');
  await overview.read();
  await overview.countExactly();
  transport.answer('overview_show', () => Promise.reject({ code: 'connection_refused', message: 'gone' }));
  await overview.read();
  expect([overview.exact.size, overview.reply.error?.message]).toEqual([0, 'gone']);
  expect(overview.reply.value).not.toBeNull();
});

test('each finding leads to the screen that helps', () => {
  const finding = (action: Attention['action'], kind = 'table'): Attention => ({ severity: 'attention', title: 't', detail: 'd', action, object: { kind, schema: 'public', name: 'x' } });
  expect(verbOf(finding('vacuum'))?.route).toEqual({ screen: 'maintenance', query: { tables: 'public.x' } });
  expect(verbOf(finding('show_runs', 'run'))?.route).toEqual({ screen: 'runs', query: { view: 'stuck' } });
  expect(verbOf(finding('reindex', 'index'))?.route).toEqual({ screen: 'indexes', query: { index: 'public.x' } });
  expect([verbOf(finding(null)), verbOf(finding('show_activity'))]).toEqual([null, null]);
});
