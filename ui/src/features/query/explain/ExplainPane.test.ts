import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { AppError, Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import type { ScreenConnection } from '$lib/screens';
import { Asked } from './asked.svelte';
import ExplainPane from './ExplainPane.svelte';
import { PLANNED, REPORT } from './sample';

const HERE: ScreenConnection = { id: 'c1', name: 'Staging', environment: 'staging', database: 'raaf_staging', host: 'h', user: 'u', readOnly: false, serverVersion: '15' };
const TEXT = 'select 1; update t set a = 1';

function begin(answers: Record<string, unknown>, asked = new Asked(TEXT, 12)) {
  const transport = new FakeTransport(answers);
  const onopen = vi.fn();
  render(ExplainPane, { client: new Client(transport), connection: HERE, tab: 't1', asked, parameters: [{ name: '1', value: null }], onopen });
  return { transport, onopen };
}

test('a statement is planned first, and run when a person says so', async () => {
  const { transport } = begin({ query_explain: ({ analyze }: { analyze: boolean }) => ({ kind: 'explained', report: analyze ? REPORT : PLANNED }) });
  await fireEvent.click(await screen.findByRole('button', { name: 'Analyze' }));
  expect(await screen.findByText('ran read-only, limit 30 s')).toBeTruthy();
  const asked = { tab: 't1', connection: 'c1', text: TEXT, offset: 12, buffers: true, withoutSeqScan: false, parameters: [{ name: '1', value: null }], consent: null };
  expect(transport.argsOf('query_explain')).toEqual([{ ...asked, analyze: false }, { ...asked, analyze: true }]);
});

test('a write is run only after a person said so, and says that it is rolled back', async () => {
  const { transport } = begin({
    query_explain: ({ analyze }: { analyze: boolean }) => (analyze ? { kind: 'writes', why: 'UPDATE changes rows' } : { kind: 'explained', report: PLANNED }),
    query_analyze: { kind: 'explained', report: { ...REPORT, ran: 'rolled_back' } },
  });
  await fireEvent.click(await screen.findByRole('button', { name: 'Analyze' }));
  expect(await screen.findByText('UPDATE changes rows.')).toBeTruthy();
  expect(transport.argsOf('query_analyze')).toEqual([]);
  await fireEvent.click(screen.getByRole('button', { name: 'Run it and roll back' }));
  expect(await screen.findByText('ran and rolled back, limit 30 s')).toBeTruthy();
});

test('what the connection asks of a write it asks here too', async () => {
  const plan = { statements: [{ index: 0, sql: 'update t set a = 1', verb: 'UPDATE', target: 't', rows: 7, bytes: null, estimated: true, why: 'It has no WHERE.' }], name: null, hash: 'h1' };
  const { transport } = begin({
    query_explain: ({ analyze }: { analyze: boolean }) => (analyze ? { kind: 'writes', why: 'UPDATE changes rows' } : { kind: 'explained', report: PLANNED }),
    query_analyze: ({ consent }: { consent: unknown }) => (consent ? { kind: 'explained', report: REPORT } : { kind: 'asks', plan }),
  });
  await fireEvent.click(await screen.findByRole('button', { name: 'Analyze' }));
  await fireEvent.click(await screen.findByRole('button', { name: 'Run it and roll back' }));
  expect(await screen.findByText('It has no WHERE.')).toBeTruthy();
  expect(transport.argsOf('query_analyze')).toMatchObject([{ consent: null }]);
});

test('an error stands where the plan would be, and planning alone is offered after a run', async () => {
  const timeout = new AppError({ code: 'permissionDenied', message: 'permission denied for table secret', sqlstate: '42501' });
  begin({ query_explain: ({ analyze }: { analyze: boolean }) => { if (analyze) throw timeout; return { kind: 'explained', report: PLANNED }; } });
  await fireEvent.click(await screen.findByRole('button', { name: 'Analyze' }));
  expect(await screen.findByText('permission denied for table secret.')).toBeTruthy();
  expect(screen.getByText('42501')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Plan without running it' }));
  expect(screen.getByRole('tree')).toBeTruthy();
});

/** An answer that is given when the test says so. */
function held<T>() {
  let give: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const answer = new Promise<T>((done, failed) => ([give, fail] = [done, failed]));
  return { answer, give: (value: T) => give(value), fail: (error: unknown) => fail(error) };
}
const stopped = new AppError({ code: 'cancelled', message: 'the explanation was cancelled' });

test('what is measured is cancelled on the server, and the plan from before stays', async () => {
  const run = held<unknown>();
  const { transport } = begin({
    query_explain: ({ analyze }: { analyze: boolean }) => (analyze ? run.answer : { kind: 'explained', report: PLANNED }),
    query_explain_stop: () => { run.fail(stopped); return { over: true, pid: 7 }; },
  });
  await fireEvent.click(await screen.findByRole('button', { name: 'Analyze' }));
  await fireEvent.click(await screen.findByRole('button', { name: /Cancel/ }));
  expect(await screen.findByText('Cancelled.')).toBeTruthy();
  expect(transport.argsOf('query_explain_stop')).toEqual([{ tab: 't1', terminate: false }]);
  expect(screen.getByRole('tree')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Analyze' })).toBeTruthy();
});

test('what heeds no cancel is said to go on, and can be terminated', async () => {
  const run = held<unknown>();
  const { transport } = begin({
    query_explain: ({ analyze }: { analyze: boolean }) => (analyze ? run.answer : { kind: 'explained', report: PLANNED }),
    query_explain_stop: ({ terminate }: { terminate: boolean }) => { if (terminate) run.fail(stopped); return { over: terminate, pid: 4711 }; },
  });
  await fireEvent.click(await screen.findByRole('button', { name: 'Analyze' }));
  await fireEvent.click(await screen.findByRole('button', { name: /Cancel/ }));
  expect((await screen.findAllByText('Still running on the server'))[0]).toBeTruthy();
  expect(screen.getByText(/pid 4711/)).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Terminate' }));
  expect(await screen.findByText('Cancelled.')).toBeTruthy();
  expect(transport.argsOf('query_explain_stop')).toEqual([{ tab: 't1', terminate: false }, { tab: 't1', terminate: true }]);
});

test('a look at another pane asks for nothing anew', async () => {
  const asked = new Asked(TEXT, 12);
  const answers = { query_explain: { kind: 'explained', report: PLANNED } };
  const { transport } = begin(answers, asked);
  await screen.findByRole('tree');
  cleanup();
  begin(answers, asked);
  expect(await screen.findByRole('tree')).toBeTruthy();
  expect(transport.argsOf('query_explain')).toHaveLength(1);
});

test('an error is found at its place in the text', async () => {
  const onplace = vi.fn();
  const fault = new AppError({ code: 'server', message: 'column "a" does not exist', sqlstate: '42703', position: 17 });
  const transport = new FakeTransport({ query_explain: () => { throw fault; } });
  render(ExplainPane, { client: new Client(transport), connection: HERE, tab: 't1', asked: new Asked(TEXT, 12), onopen: vi.fn(), onplace });
  await fireEvent.click(await screen.findByRole('button', { name: 'Show the place' }));
  expect(onplace).toHaveBeenCalledWith(17);
});
