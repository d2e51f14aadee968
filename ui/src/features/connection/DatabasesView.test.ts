import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import App from '../../App.svelte';
import type { ServerDatabase } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { NEW_PROFILE } from './defaults';

const staging = { ...NEW_PROFILE, id: 'stg', name: 'Staging', host: 'db', database: 'eval', user: 'deploy', environment: 'staging' as const };
const database = (name: string, more: Partial<ServerDatabase> = {}): ServerDatabase => ({
  name, owner: 'deploy', encoding: 'UTF8', provider: 'libc', locale: 'C', template: false, allowsConnections: true, connectionLimit: -1,
  invalid: false, mayConnect: true, bytes: 8_000_000, sessions: 1, comment: null, current: false, ...more,
});
const dropPlan = { hash: 'h', request: { name: 'old', force: false }, sql: 'drop database "old"', owner: 'deploy', bytes: 8_000_000, sessions: [{ pid: 7, role: 'app', application: 'puma', client: '10.0.0.1', state: 'idle', since: null }], problem: null, notes: ['Everything in it is gone.'] };

function start(more: Record<string, unknown> = {}) {
  window.history.replaceState(null, '', '/#/connections/stg/databases');
  const transport = new FakeTransport({
    app_info: { version: '1.0.0', dataFolder: '/data', secretStore: 'keyring', secretProblem: null, platform: 'linux' },
    connection_list: { connections: [staging], open: [], notice: null },
    database_list: [database('eval', { current: true }), database('old'), database('template0', { template: true, mayConnect: false, allowsConnections: false })],
    database_drop_plan: dropPlan,
    job_list: [],
    ...more,
  });
  render(App, { transport });
  return transport;
}

// The screen is a file of its own: reading it for the first time is nothing to wait for in a test.
beforeAll(() => import('./ConnectionView.svelte'), 60_000);
beforeEach(() => window.history.replaceState(null, '', '/'));

test('dropping one shows who is in it and asks for its own name', async () => {
  const transport = start({ database_drop: {} });
  await fireEvent.click(await screen.findByRole('button', { name: 'More about old' }));
  await fireEvent.click(screen.getByRole('menuitem', { name: /^Drop old/ }));
  const dialog = await screen.findByRole('alertdialog');
  expect(await within(dialog).findByText(/app from 10.0.0.1, puma/)).toBeTruthy();
  await fireEvent.click(within(dialog).getByRole('button', { name: /^Drop old/ }));
  expect(transport.argsOf('database_drop')).toEqual([]);
  await fireEvent.input(within(dialog).getByLabelText('Type old to go on'), { target: { value: 'old' } });
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Drop old' }));
  await vi.waitFor(() => expect(transport.argsOf('database_drop')).toEqual([{ connection: 'stg', plan: dropPlan, confirm: 'old' }]));
});

test('what stands in the way of a new one is said before it is made', async () => {
  const plan = { hash: 'h', request: {}, sql: 'create database "eval" template "template1"', problem: 'there is a database eval already', notes: [] };
  const transport = start({ database_create_plan: (asked: { request: unknown }) => ({ ...plan, request: asked.request }) });
  await fireEvent.click(await screen.findByRole('button', { name: 'New database' }));
  await fireEvent.input(await screen.findByLabelText('Name'), { target: { value: 'eval' } });
  expect((await screen.findAllByText(/there is a database eval already/)).length).toBeGreaterThan(0);
  expect(transport.argsOf('database_create')).toEqual([]);
});
