import { expect, test } from 'vitest';
import { Client, type JobRecord, type VacuumPlan } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { Jobs } from '$lib/jobs.svelte';
import type { ScreenConnection } from '$lib/screens';
import { fromLink, MaintenanceState, toLink } from './maintenance.svelte';

const STAGING: ScreenConnection = { id: 'c1', name: 'Staging', environment: 'staging', database: 'raaf', host: 'h', user: 'u', readOnly: false, serverVersion: '15' };
const PRODUCTION: ScreenConnection = { ...STAGING, environment: 'production', database: 'raaf_production' };
const PLAN = { hash: 'h1', request: { tables: [], work: 'vacuum_analyze' }, database: 'raaf', steps: [{ sql: 'vacuum' }, { sql: null }] } as unknown as VacuumPlan;
const job = (id: string, state: JobRecord['state'], connectionId = 'c1', kind = 'maintenance_apply'): JobRecord => ({
  id, kind, title: id, connectionId, state, startedAt: `2026-11-22T10:0${id}:00Z`, endedAt: null, outcome: null, failure: null,
  progress: { phase: '', done: null, total: null, unit: null, detail: null },
});

async function setUp(connection = STAGING, records: JobRecord[] = []) {
  const transport = new FakeTransport({ maintenance_plan: PLAN, maintenance_apply: { job: '9' }, job_list: records, job_show: job('9', 'running') });
  const client = new Client(transport);
  const jobs = new Jobs(client);
  await jobs.load();
  jobs.stop();
  return { transport, jobs, maintenance: new MaintenanceState(client, jobs, connection) };
}

test('a running job of this connection is found again after a reload', async () => {
  const others = [job('1', 'running', 'other'), job('2', 'running', 'c1', 'migrate_apply')];
  const { maintenance } = await setUp(STAGING, [...others, job('3', 'done'), job('4', 'running')]);
  expect(maintenance.running?.id).toBe('4');
  expect(maintenance.jobs.map((one) => one.id)).toEqual(['4', '3']);
  expect(maintenance.notNow).toBe('A job is running on this connection');
});

test('what was shown is what is started; production sends the name that was typed', async () => {
  for (const [connection, confirm] of [[STAGING, null], [PRODUCTION, 'raaf_production']] as const) {
    const { transport, jobs, maintenance } = await setUp(connection);
    await maintenance.read({ tables: [], work: 'vacuum_analyze' });
    expect([maintenance.planned, maintenance.notNow]).toEqual([1, null]);
    expect(await maintenance.start()).toBe('9');
    expect(transport.argsOf('maintenance_apply')).toEqual([{ connection: 'c1', plan: PLAN, confirm }]);
    jobs.stop();
  }
});

test('a read-only connection plans and does not apply', async () => {
  const { maintenance } = await setUp({ ...STAGING, readOnly: true });
  await maintenance.read({ tables: [], work: 'vacuum' });
  expect(maintenance.notNow).toBe('This connection is read-only');
});

test('a failed plan keeps the one before', async () => {
  const { transport, maintenance } = await setUp();
  await maintenance.read({ tables: [], work: 'vacuum' });
  transport.answer('maintenance_plan', () => Promise.reject({ code: 'timeout', message: 'slow' }));
  await maintenance.read({ tables: [], work: 'vacuum' });
  expect(maintenance.plan.error?.message).toBe('slow');
  expect(maintenance.plan.value?.hash).toBe('h1');
});

test('tables in the link may have any name', () => {
  const tables = [{ schema: 'pu.blic', name: 'a,b' }, { schema: 's', name: 'Ünï' }];
  expect(fromLink(toLink(tables))).toEqual(tables);
  expect(fromLink('public.evaluation_spans')).toEqual([{ schema: 'public', name: 'evaluation_spans' }]);
  expect(fromLink(undefined)).toEqual([]);
});
