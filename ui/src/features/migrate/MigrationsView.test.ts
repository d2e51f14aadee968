import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import type { ScreenConnection } from '$lib/screens';
import MigrationsView from './MigrationsView.svelte';
import { finding, plan, row, statement } from './sample';
import type { StatusRow } from './wire';

const HERE: ScreenConnection = { id: 'c1', name: 'Staging', environment: 'staging', database: 'raaf_staging', host: 'h', user: 'u', readOnly: false, serverVersion: '15' };
const named = (version: string, state: StatusRow['state'], more: Partial<StatusRow> = {}) => row(state, { version, name: `step_${version}`, path: `${version}_step.up.sql`, ...more });

function start(rows: StatusRow[], { connection = HERE, path = [] as string[], answers = {} as Record<string, unknown> } = {}) {
  const transport = new FakeTransport({
    migrate_status: { origin: '/srv/migrations', migrations: rows, ledger: 'rails', environment: null, pending: rows.filter((one) => one.state === 'down').length, ledgerPlace: 'shared', logPlace: 'file' },
    migrate_plan: ({ request }: { request: { kind: string } }) => plan(request.kind === 'down' ? 'down' : 'up', { database: connection.database }, statement()),
    migrate_source: { version: '1', name: 'n', up: 'create index i on t (a);', down: null, verify: null }, migrate_lint: [{ version: '1', role: 'up', file: 'f', findings: [finding()] }], migrate_rehearsal_list: [], migrate_adopt_plan: { hash: 'h', database: 'raaf', origin: '/srv', tools: [], versions: [], ledger: 'rails', ledgerPlace: 'own', makesLedger: [], records: [], blocked: null, notices: [] },
    migrate_diff: { version: '1', file: 'f', ranSha384: 'r', ranAt: '', sha384: 's', lines: [{ kind: 'ran', text: 'select 1;' }, { kind: 'now', text: 'select 2;' }] },
    migrate_repair_plan: { version: '1', name: 'n', verb: 'accept-order', hash: 'h', database: 'raaf', outcome: 'it is written down', request: null, prepare: [], statements: [], files: [], logPlace: 'file', notices: [] },
    migrate_repair_apply: null, migrate_accept: null, migrate_apply: { job: '7' },
    job_show: { id: '7', kind: 'migrate_apply', title: 'Apply', connectionId: 'c1', state: 'running', startedAt: '2026-11-22T10:00:00Z', endedAt: null, outcome: null, failure: null, progress: { phase: 'statement 2 of 7', done: 2, total: 7, unit: 'statements', detail: null } },
    ...answers,
  });
  const open = vi.fn();
  const tab = { shown: true, setLeaving: vi.fn(), setStatus: vi.fn(), setTitle: vi.fn(), setDirty: vi.fn(), setEnvironment: vi.fn(), close: vi.fn() };
  render(MigrationsView, { client: new Client(transport), connection, params: { path, query: {} }, open, tab });
  return { transport, open };
}

test('a list of five hundred keeps few rows in the document', async () => {
  start(Array.from({ length: 500 }, (_, at) => named(String(1000 + at), 'up')));
  const list = await screen.findByRole('listbox', { name: 'Migrations' });
  expect(within(list).getAllByRole('option').length).toBeLessThan(40);
  expect(within(list).getAllByRole('option')[0]?.getAttribute('aria-setsize')).toBe('500');
});

test('the filters count, and arrow keys choose', async () => {
  const { open } = start([named('1', 'up'), named('2', 'changed'), named('3', 'down')], { path: ['3'] });
  expect((await screen.findByRole('radio', { name: /To apply/ })).textContent).toContain('1');
  expect(screen.getByRole('radio', { name: /Decide/ }).textContent).toContain('1');
  await fireEvent.keyDown(screen.getByRole('listbox', { name: 'Migrations' }), { key: 'ArrowDown' });
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ screen: 'migrations', path: ['2'] }));
});

test('what broke off is resumed or undone by a plan of statements, by choice', async () => {
  const { transport } = start([named('1', 'partial', { repairs: ['resume', 'undo'], partial: { direction: 'up', done: 3, total: 7, open: null, entry: 'e' } })]);
  expect(await screen.findByRole('button', { name: 'Roll back what ran…' })).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Resume…' }));
  expect(await screen.findByRole('alertdialog')).toBeTruthy();
  expect(transport.argsOf('migrate_plan')).toContainEqual({ connection: 'c1', request: { kind: 'resume', version: '1' } });
  expect(transport.argsOf('migrate_apply')).toEqual([]);
});

test('a decision that only writes something down is a plan too', async () => {
  const { transport } = start([named('1', 'out_of_order', { repairs: ['accept-order'] })]);
  await fireEvent.click(await screen.findByRole('button', { name: 'Accept the order…' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Accept the order of step_1?' });
  expect(await within(dialog).findByText('It is written down.')).toBeTruthy();
  expect(transport.argsOf('migrate_repair_apply')).toEqual([]);
  await fireEvent.input(within(dialog).getByLabelText('Reason'), { target: { value: 'the branch was merged late' } });
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Accept the order' }));
  await vi.waitFor(() => expect(transport.argsOf('migrate_repair_apply')).toEqual([expect.objectContaining({ reason: 'the branch was merged late' })]));
});

test('of a changed file the text that ran stands beside the text of the file', async () => {
  start([named('1', 'changed')]);
  const diff = await screen.findByRole('region', { name: /What ran/ });
  expect(diff.textContent).toMatch(/−select 1;.*\+select 2;/s);
});

test('a finding shows its safe form and is accepted with a reason', async () => {
  const { transport } = start([row('down')]);
  expect((await screen.findByRole('region', { name: /safe form/ })).textContent).toContain('concurrently');
  await fireEvent.click(screen.getByRole('button', { name: 'Accept with reason' }));
  await fireEvent.input(await screen.findByLabelText('Reason'), { target: { value: 'the table is empty' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Accept with this reason' }));
  await vi.waitFor(() => expect(transport.argsOf('migrate_accept')).toEqual([{ connection: 'c1', version: '20261118093000', role: 'up', line: 1, rule: 'require-concurrent-index-creation', reason: 'the table is empty' }]));
});

test('what blocks and what is dangerous stands in the question before it is applied', async () => {
  const { transport } = start([named('1', 'down')]);
  await fireEvent.click(await screen.findByRole('button', { name: /^Apply to Staging/ }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Apply 1 migration to raaf_staging?' });
  expect(dialog.textContent).toContain('Writes to t wait during 1 statement');
  expect(dialog.textContent).toContain('1 finding of the lint is open');
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Apply 1 migration' }));
  await vi.waitFor(() => expect(transport.argsOf('migrate_apply')).toHaveLength(1));
});

test('production sleeps until the database’s name is typed', async () => {
  const { transport } = start([named('1', 'down')], { connection: { ...HERE, name: 'Production', environment: 'production' } });
  await fireEvent.click(await screen.findByRole('button', { name: /^Apply to Production/ }));
  const dialog = await screen.findByRole('alertdialog');
  const apply = within(dialog).getByRole('button', { name: /Apply 1 migration/ });
  await fireEvent.click(apply);
  expect(transport.argsOf('migrate_apply')).toEqual([]);
  await fireEvent.input(within(dialog).getByLabelText(/Type raaf_staging/), { target: { value: 'raaf_staging' } });
  await fireEvent.click(apply);
  await vi.waitFor(() => expect(transport.argsOf('migrate_apply')).toEqual([expect.objectContaining({ confirm: 'raaf_staging' })]));
});

test('a folder that is not there says so, with the way on', async () => {
  start([], { answers: { migrate_status: () => Promise.reject({ code: 'not_found', message: 'the folder /srv/migrations is not there', hint: 'Name another.' }) } });
  expect(await screen.findByText('The folder /srv/migrations is not there.')).toBeTruthy();
});

test('an empty folder teaches where migrations come from', async () => {
  start([]);
  expect(await screen.findByText('No migrations yet')).toBeTruthy();
});

test('a read-only connection plans and applies nothing', async () => {
  start([named('1', 'down')], { connection: { ...HERE, readOnly: true } });
  expect((await screen.findByRole('button', { name: /^Apply to Staging/ })).getAttribute('aria-disabled')).toBe('true');
});

test('a rewrite is written into the file on the text that was read', async () => {
  const { transport } = start([row('down')], { answers: { migrate_write: null, migrate_source: { version: '20261118093000', name: 'n', format: 'evaldesk', up: 'create index i on t (a);\n', down: null, verify: null, upSha384: 'sum', downSha384: null, verifySha384: null } } });
  await fireEvent.click(await screen.findByRole('button', { name: 'Use the rewrite' }));
  await vi.waitFor(() => expect(transport.argsOf('migrate_write')).toEqual([{ connection: 'c1', version: '20261118093000', role: 'up', text: 'create index concurrently i on t (a);\n', read: 'sum' }]));
});

test('where another tool has migrated, what of ours stands there can be adopted', async () => {
  const adoption = {
    hash: 'h', database: 'raaf_staging', origin: '/srv', tools: [{ tool: 'rails', table: { schema: 'public', name: 'schema_migrations' }, applied: 12, failed: 0, newest: '12', evidence: '', problem: null }],
    versions: [{ version: '1', name: 'one', verdict: { kind: 'binds', by: 'verify' }, place: 'own', recordedBy: ['rails'], notes: [] }, { version: '2', name: 'two', verdict: { kind: 'differs', why: 'another index' }, place: null, recordedBy: [], notes: [] }],
    ledger: 'rails', ledgerPlace: 'own', makesLedger: [], records: ['insert into x values (1)'], blocked: null, notices: [],
  };
  const { transport } = start([row('down', { repairs: ['record'] })], { answers: { migrate_adopt_plan: adoption, migrate_adopt_apply: { job: '7' } } });
  expect(await screen.findByText('Rails has migrated this database.')).toBeTruthy();
  expect(transport.argsOf('migrate_adopt_plan')).toEqual([]);
  await fireEvent.click(screen.getByRole('button', { name: 'Look at the plan…' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Adopt 1 version on raaf_staging?' });
  expect(dialog.textContent).toMatch(/two\s*another index/);
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Adopt 1 version' }));
  await vi.waitFor(() => expect(transport.argsOf('migrate_adopt_apply')).toEqual([{ connection: 'c1', plan: adoption, confirm: null }]));
});

test('a version that has to be decided about first is named where nothing can be planned', async () => {
  const refused = () => Promise.reject({ code: 'refused', message: '1 step_1 broke off half-way' });
  const { open } = start([named('1', 'partial', { repairs: ['resume'] }), row('down')], { path: ['20261118093000'], answers: { migrate_plan: refused } });
  expect(await screen.findByText('step_1 needs a decision first.')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Show step_1' }));
  expect(open).toHaveBeenLastCalledWith(expect.objectContaining({ path: ['1'] }));
});

test('a rehearsal in production itself asks for the name, one on a copy does not', async () => {
  const { transport } = start([row('down')], { connection: { ...HERE, environment: 'production' }, answers: { migrate_rehearse: { job: '7' } } });
  await fireEvent.click(await screen.findByRole('button', { name: 'Rehearse…' }));
  expect((await screen.findByRole('button', { name: 'Rehearse on an empty copy' })).getAttribute('aria-disabled')).toBeNull();
  await fireEvent.click(screen.getByRole('radio', { name: /Here, in a transaction/ }));
  const begin = screen.getByRole('button', { name: /Rehearse here/ });
  expect(begin.getAttribute('aria-disabled')).toBe('true');
  await fireEvent.input(screen.getByLabelText(/Type raaf_staging/), { target: { value: 'raaf_staging' } });
  await fireEvent.click(begin);
  await vi.waitFor(() => expect(transport.argsOf('migrate_rehearse')).toEqual([{ connection: 'c1', request: { kind: 'up' }, rehearsal: { place: 'here', lockTimeoutMs: 2_000, statementTimeoutMs: 60_000 }, confirm: 'raaf_staging' }]));
});
