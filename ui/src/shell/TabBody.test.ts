import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import App from '../App.svelte';
import { FakeTransport } from '$lib/ipc/fake';
import { code, type ScreenDefinition } from '$lib/screens';
import { CellText } from '$lib/ui';

const profile = { id: 'stg', name: 'Staging', host: 'db', port: 5432, database: 'eval', user: 'deploy', environment: 'staging', readOnly: false, secretPolicy: 'keyring' };
const opened = {
  profile,
  server: { version: { text: '17.2', number: 170_002, major: 17 }, database: 'eval', role: 'deploy', inRecovery: false, notice: null },
  schema: {},
  pingMs: 4,
};
// Any component will do: it says NULL once it is mounted.
const SCREENS = [{ screen: 'overview', title: 'Overview', icon: 'overview', section: 'overview', component: CellText }] as unknown as ScreenDefinition[];

function start(connection_open: unknown, link = '#/c/stg/overview', screens = SCREENS, more: Record<string, unknown> = {}) {
  window.history.replaceState(null, '', `/${link}`);
  const transport = new FakeTransport({
    app_info: { version: '1.0.0' },
    connection_list: { connections: [profile], open: [], notice: null },
    job_list: [],
    connection_open,
    ...more,
  });
  render(App, { transport, screens });
  return transport;
}

beforeEach(() => window.history.replaceState(null, '', '/'));

test('the connection is opened before its screen is shown', async () => {
  const transport = start(opened);
  expect(await screen.findByText('NULL')).toBeTruthy();
  expect(transport.argsOf('connection_open')).toEqual([{ connection: 'stg' }]);
  expect(screen.getByText('PostgreSQL 17.2')).toBeTruthy();
});

test('a password that is asked for is sent, and the screen comes', async () => {
  const transport = start((args: { password?: string }) =>
    args.password ? opened : Promise.reject({ code: 'secret_unavailable', message: 'no password is kept' }),
  );
  await fireEvent.input(await screen.findByLabelText(/Password of deploy/), { target: { value: 'hunter2' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
  expect(await screen.findByText('NULL')).toBeTruthy();
  expect(transport.argsOf('connection_open')).toContainEqual({ connection: 'stg', password: 'hunter2' });
});

test('why it can’t connect stands where the screen would, with a way on', async () => {
  const transport = start(() => Promise.reject({ code: 'connection_refused', message: 'nothing answers at db:5432', hint: 'Is it running?' }));
  await fireEvent.click(await screen.findByRole('button', { name: 'Connect again' }));
  await vi.waitFor(() => expect(transport.argsOf('connection_open')).toHaveLength(2));
  expect(await screen.findByText('Nothing answers at db:5432.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Edit the connection' })).toBeTruthy();
});

test('an SSH server whose key nobody knows is asked about, and accepted by that fingerprint alone', async () => {
  let trusted = false;
  const asked = { code: 'unknown_host_key', message: 'the SSH server bastion is not known yet: its ssh-ed25519 key is SHA256:abc', hint: 'Compare it.', detail: 'SHA256:abc' };
  const transport = start(() => (trusted ? opened : Promise.reject(asked)), undefined, SCREENS, { connection_trust_host: () => ((trusted = true), {}) });
  const dialog = await screen.findByRole('alertdialog', { name: /Accept the SSH server’s key for Staging/ });
  expect(dialog.textContent).toContain('its ssh-ed25519 key has this fingerprint');
  expect(screen.getByLabelText('Fingerprint').textContent).toBe('SHA256:abc');
  await fireEvent.click(screen.getByRole('button', { name: 'Accept this key' }));
  expect(await screen.findByText('NULL')).toBeTruthy();
  expect(transport.argsOf('connection_trust_host')).toEqual([{ connection: 'stg', fingerprint: 'SHA256:abc' }]);
});

test('a link to a connection that is not here says so', async () => {
  start(() => Promise.reject({ code: 'not_found', message: 'no connection named gone' }), '#/c/gone/overview');
  expect(await screen.findByText(/not saved here|No connection named gone/)).toBeTruthy();
});

test('Ctrl K finds a section by a few letters', async () => {
  start(opened);
  await screen.findByText('NULL');
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  const box = await screen.findByRole('combobox', { name: 'Go to or run' });
  await fireEvent.input(box, { target: { value: 'ovw' } });
  expect(screen.getAllByRole('option').length).toBeGreaterThan(0);
  await fireEvent.keyDown(box, { key: 'Escape' });
  expect(screen.queryByRole('combobox', { name: 'Go to or run' })).toBeNull();
});

test('a screen of its own file is read beside the connection; one that cannot be read is tried again', async () => {
  let reads = 0;
  const load = () => (reads++ === 0 ? Promise.reject(new Error('no such file')) : Promise.resolve({ default: CellText }));
  const screens = [{ ...SCREENS[0], component: code(load as never) }] as ScreenDefinition[];
  start(opened, undefined, screens);
  expect(await screen.findByText('The screen Overview could not be loaded.')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('NULL')).toBeTruthy();
});
