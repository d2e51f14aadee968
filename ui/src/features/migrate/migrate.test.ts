import { expect, test } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { Jobs } from '$lib/jobs.svelte';
import type { ScreenConnection } from '$lib/screens';
import { MigrateState, requestOf } from './migrate.svelte';
import { whatItDoes, whoHolds } from './lock.svelte';
import { byVersion, locksOf, outcomeOf, summaryOf } from './rehearsal';
import { repairsOf } from './repairs';
import { plan, row, statement } from './sample';
import { actOf, diskOf, estimateOf, meanwhile } from './statements';
import { endOf, isApplied, isPending, needsDecision, stateWords } from './states';
import type { RehearsalSummary, RehearsedStatement, StateName } from './wire';

const HERE: ScreenConnection = { id: 'c1', name: 'Staging', environment: 'staging', database: 'raaf', host: 'h', user: 'u', readOnly: false, serverVersion: '15' };
const STATES: StateName[] = ['up', 'down', 'opt_in', 'no_file', 'conflict', 'changed', 'out_of_order', 'partial', 'irreversible', 'baselined'];
const DOOMED = [{ kind: 'table' as const, name: 't', rows: 1, bytes: 1, version: '1', with: null }];

function setUp(pending: number, connection = HERE, environment: string | null = null) {
  const transport = new FakeTransport({
    migrate_status: { origin: 'embedded', migrations: [row('up')], ledger: 'rails', environment, ledgerPlace: 'shared', logPlace: 'file', pending },
    migrate_plan: plan('up'), migrate_source: { version: '1', name: 'n', up: 'u', down: 'd', verify: null }, migrate_lint: [], migrate_rehearsal_list: [],
    migrate_diff: { version: '1', file: 'f', ranSha384: 'r', ranAt: '', sha384: 's', lines: [{ kind: 'ran', text: 'a' }] }, migrate_repair_apply: null,
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
  const version = '20261118093000';
  expect(requestOf(row('opt_in'))).toEqual({ kind: 'upOnly', version });
  expect(requestOf(row('out_of_order'))).toEqual({ kind: 'upOnly', version });
  expect(requestOf(row('partial'))).toEqual({ kind: 'resume', version });
  expect([requestOf(row('up')), requestOf(row('changed'))]).toEqual([{ kind: 'down', version }, { kind: 'down', version }]);
  expect([requestOf(row('up', { hasDown: false })), requestOf(row('conflict')), requestOf(row('no_file')), requestOf(row('down'))]).toEqual([null, null, null, null]);
});

test('a version without a file is not asked for', async () => {
  const { transport, migrate } = setUp(0);
  await migrate.look(row('no_file', { path: null }));
  expect([transport.argsOf('migrate_source'), transport.argsOf('migrate_lint')]).toEqual([[], []]);
  await migrate.look(row('up'));
  expect(migrate.source.value?.down).toBe('d');
});

test('only of a changed file is the difference read', async () => {
  const { transport, migrate } = setUp(0);
  await migrate.look(row('changed'));
  expect(migrate.change.value?.lines).toHaveLength(1);
  await migrate.look(row('up'));
  expect([migrate.change.value, transport.argsOf('migrate_diff').length]).toEqual([null, 1]);
});

test('the name is typed on production, wherever data dies, and where Rails says production', async () => {
  expect(setUp(0).migrate.mustType(plan('up'))).toBe(false);
  expect(setUp(0).migrate.mustType(plan('down', { doomed: DOOMED }))).toBe(true);
  expect(setUp(0, { ...HERE, environment: 'production' }).migrate.mustType(plan('up'))).toBe(true);
  expect(setUp(0).migrate.mustType(plan('up', { environment: 'production' }))).toBe(true);
});

test('a decision on production carries the typed name, elsewhere none', async () => {
  const sent = async (environment: string | null) => {
    const { transport, migrate } = setUp(0, HERE, environment);
    await migrate.read();
    await migrate.applyRepair({ verb: 'forget' } as never, 'raaf', null);
    return (transport.argsOf('migrate_repair_apply')[0] as { confirm: string | null }).confirm;
  };
  expect([await sent('production'), await sent('development')]).toEqual(['raaf', null]);
});

test('acts and consequences in words', () => {
  expect(actOf(plan('up'))).toBe('Apply 1 migration');
  expect(actOf(plan('down'))).toBe('Roll back 1 migration');
  expect(actOf(plan('up', { steps: [...plan('down').steps, ...plan('up').steps] }))).toBe('Redo 1 migration');
  expect(actOf(plan('up', { request: { kind: 'resume', version: '1' } }))).toBe('Resume 1 migration');
  expect(meanwhile(plan('up', {}, statement({ blocks: 'nobody' })))).toBe('Reads and writes go on.');
  expect(meanwhile(plan('up', {}, statement({ blocks: 'reads_and_writes' })))).toBe('Reads and writes of t wait during 1 statement.');
  expect(meanwhile(plan('up', {}, statement({ blocks: 'something new' as never })))).toBe('What some statements block is not known beforehand.');
});

test('an estimate says what it leaves out', () => {
  expect(estimateOf([statement({ estimateMs: 20 }), statement({ estimateMs: 160_000 })])).toEqual({ text: '2 min 40 s', open: 0 });
  expect(estimateOf([statement({ estimateMs: null })])).toEqual({ text: 'not known', open: 1 });
});

test('disk that would not do is told from disk that nobody knows', () => {
  const disk = (more: object) => diskOf({ neededBytes: 2 * 1024 ** 3, unknown: 0, freeBytes: null, freeUnknown: null, ...more });
  expect(disk({ neededBytes: 0 })).toBeNull();
  expect(disk({})).toMatchObject({ needed: '2 GB', short: false, rest: 'needed on disk; what is free is not known' });
  expect(disk({ freeBytes: 1024 ** 3 })).toMatchObject({ short: true, rest: 'of 1 GB free' });
});

test('every state has its word; one of tomorrow is said as it is', () => {
  expect(STATES.map((state) => stateWords(row(state)).word)).toEqual(['up', 'down', 'opt-in', 'NO FILE', 'CONFLICT', 'CHANGED', 'OUT OF ORDER', 'PARTIAL', 'IRREVERSIBLE', 'BASELINED']);
  expect(stateWords(row('partial', { partial: { direction: 'up', done: 3, total: 7, open: null, entry: 'e' } })).word).toBe('PARTIAL 3/7');
  expect(stateWords(row('something new' as never))).toMatchObject({ word: 'something new', kind: 'unknown' });
  expect(STATES.filter((state) => needsDecision(row(state, { repairs: ['forget'] })))).toEqual(['no_file', 'conflict', 'changed', 'out_of_order', 'partial']);
  // Rails' own version without a file here is Rails' affair.
  expect(needsDecision(row('no_file'))).toBe(false);
  expect(isApplied(row('baselined')) && !isApplied(row('partial'))).toBe(true);
});

test('only verbs that the backend offers are offered', () => {
  expect(repairsOf(row('conflict', { repairs: ['record', 'strike'] })).map((one) => one.label)).toEqual(['Record it', 'Strike it out']);
  expect(repairsOf(row('partial', { running: true }))).toEqual([]);
  expect(repairsOf({ repairs: ['of-tomorrow'] })).toEqual([]);
});

test('the second line says what a person asks next', () => {
  const at = { appliedAt: '2020-11-02T10:00:00Z', elapsedMs: 400 };
  expect(endOf(row('up', at))).toBe('2 Nov 2020, 400 ms');
  expect(endOf(row('up', { statementCount: 7 }))).toBe('7 statements');
  expect(endOf(row('changed', at))).toBe('file differs since 2 Nov 2020');
  expect(endOf(row('partial', { running: true }))).toBe('running now');
});

test('a rehearsal is well only when all of it ran and no lock was another', () => {
  const summary = (more: Partial<RehearsalSummary> = {}): RehearsalSummary => ({
    planHash: 'h', database: 'd', place: 'here', at: '2020-11-02T10:00:00Z', versions: ['1'], total: 7, ran: 7, skipped: 0, passed: true, differing: 0, elapsedMs: 1, locksHeldMs: 1,
    longest: { version: '1', statement: 5, elapsedMs: 2000 }, words: 'all 7 ran, locks as planned', ...more,
  });
  expect(summaryOf(summary())).toEqual({ kind: 'ok', text: 'Rehearsed 2 Nov 2020: all 7 ran, locks as planned', more: 'statement 5 took 2.00 s' });
  expect([summaryOf(summary({ differing: 1 })).kind, summaryOf(summary({ ran: 5 })).kind, summaryOf(summary({ passed: false })).kind]).toEqual(['attention', 'attention', 'failed']);
  expect(outcomeOf({ outcome: 'ran', agreement: 'differs' }).kind).toBe('attention');
  expect(outcomeOf({ outcome: 'of tomorrow' as never, agreement: 'agreed' })).toEqual({ kind: 'unknown', word: 'of tomorrow' });
});

test('what stands there already is not to be applied, and says so', () => {
  const there = row('down', { repairs: ['record'] });
  expect([isPending(there), endOf(there)]).toEqual([false, 'stands here already']);
  expect(stateWords(there).means).toContain('applying does not run it');
  expect(isPending(row('down'))).toBe(true);
});

test('who holds the lock is said as far as we may see it', () => {
  const holder = { pid: 7, userName: 'maria', application: 'rake', connectedSince: '2026-11-22T10:00:00Z', doing: 'active: alter table t' };
  expect(whoHolds(holder)).toBe('pid 7 of maria');
  expect(whatItDoes(holder)).toMatch(/^connected since .*, active: alter table t$/);
  expect(whatItDoes({ ...holder, connectedSince: null, doing: null })).toBe('');
});

test('what waits names four tables at most', () => {
  const many = statement({ relations: ['a', 'b', 'c', 'd', 'e'] });
  expect(meanwhile(plan('up', {}, many))).toBe('Writes to a, b, c and 2 more tables wait during 1 statement; reads go on.');
});

test('a rehearsal stands by its versions, and a lock that was held stays said', () => {
  const one = (version: string, number: number) => ({ version, statement: number }) as RehearsedStatement;
  expect(byVersion([one('1', 1), one('1', 2), one('2', 1)]).map(({ version, statements }) => [version, statements.length])).toEqual([['1', 2], ['2', 1]]);
  expect(locksOf({ locks: [{ relation: 't', mode: 'access_exclusive', heldBefore: true }] })).toBe('ACCESS EXCLUSIVE on t, held already');
});
