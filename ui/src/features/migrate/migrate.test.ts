import { expect, test } from 'vitest';
import { Client, type MigrationPlan, type MigrationStatusRow } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { Jobs } from '$lib/jobs.svelte';
import type { ScreenConnection } from '$lib/screens';
import { MigrateState, requestOf } from './migrate.svelte';
import { actOf, meanwhile } from './statements';
import { needsDecision, stateWords } from './states';

const HERE: ScreenConnection = { id: 'c1', name: 'Staging', environment: 'staging', database: 'raaf', host: 'h', user: 'u', readOnly: false, serverVersion: '15' };
const row = (state: MigrationStatusRow['state'], more: Partial<MigrationStatusRow> = {}): MigrationStatusRow => ({
  version: '1', name: 'n', state, transactional: true, statementCount: 1, hasDown: true, hasVerify: true, path: '1_n.up.sql', sha384: 'x', note: null, ...more,
});
const plan = (direction: 'up' | 'down', blocks: string, doomed: MigrationPlan['doomed'] = []) =>
  ({ hash: 'h', database: 'raaf', notices: [], doomed, steps: [{ version: '1', direction, statements: [{ blocks, relations: ['t'], consequence: '' }] }] }) as unknown as MigrationPlan;

function setUp(pending: number, connection = HERE) {
  const transport = new FakeTransport({
    migrate_status: { origin: 'embedded', migrations: [row('up')], ledger: 'rails', environment: null, pending },
    migrate_plan: plan('up', 'nobody'), migrate_source: { version: '1', name: 'n', up: 'u', down: 'd', verify: null },
    migrate_apply: { job: '7' }, job_show: () => Promise.reject({ code: 'not_found', message: 'no job' }),
  });
  const client = new Client(transport);
  return { transport, migrate: new MigrateState(client, new Jobs(client), connection) };
}

test('pending ones are planned; without any nothing is', async () => {
  const some = setUp(2);
  await some.migrate.read();
  expect(some.transport.argsOf('migrate_plan')).toEqual([{ connection: 'c1', request: { kind: 'up' } }]);
  const none = setUp(0);
  await none.migrate.read();
  expect([none.transport.argsOf('migrate_plan'), none.migrate.pending.value]).toEqual([[], null]);
});

test('what can be done with one version', () => {
  expect(requestOf(row('opt_in'))).toEqual({ kind: 'upOnly', version: '1' });
  expect(requestOf(row('up'))).toEqual({ kind: 'down', version: '1' });
  expect([requestOf(row('up', { hasDown: false })), requestOf(row('conflict')), requestOf(row('no_file')), requestOf(row('down'))]).toEqual([null, null, null, null]);
});

test('a version without a file is not asked for', async () => {
  const { transport, migrate } = setUp(0);
  await migrate.look(row('no_file', { path: null }));
  expect(transport.argsOf('migrate_source')).toEqual([]);
  await migrate.look(row('up'));
  expect(migrate.source.value?.down).toBe('d');
});

test('the name is typed on production, and wherever data dies', () => {
  const doomed = [{ kind: 'table' as const, name: 't', rows: 1, bytes: 1, version: '1', with: null }];
  expect(setUp(0).migrate.mustType(plan('up', 'nobody'))).toBe(false);
  expect(setUp(0).migrate.mustType(plan('down', 'nobody', doomed))).toBe(true);
  expect(setUp(0, { ...HERE, environment: 'production' }).migrate.mustType(plan('up', 'nobody'))).toBe(true);
});

test('acts and consequences in words', () => {
  expect(actOf(plan('up', 'nobody'))).toBe('Apply 1 migration');
  expect(actOf(plan('down', 'writes'))).toBe('Roll back 1 migration');
  expect(meanwhile(plan('up', 'nobody'))).toBe('Reads and writes go on.');
  expect(meanwhile(plan('up', 'reads_and_writes'))).toBe('Reads and writes of t wait during 1 statement.');
  expect(meanwhile(plan('up', 'something new'))).toBe('What some statements block is not known beforehand.');
});

test('states are spelled as Rails spells them, and a new one as it comes', () => {
  expect(['up', 'down', 'no_file', 'conflict'].map((state) => stateWords(row(state as MigrationStatusRow['state'])).word)).toEqual(['up', 'down', 'NO FILE', 'CONFLICT']);
  expect(stateWords(row('sideways' as MigrationStatusRow['state'])).word).toBe('sideways');
  expect([needsDecision(row('conflict')), needsDecision(row('down'))]).toEqual([true, false]);
});
