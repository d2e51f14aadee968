import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import App from '../../App.svelte';
import type { ConnectionProfile } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { NEW_PROFILE } from './defaults';

const staging: ConnectionProfile = { ...NEW_PROFILE, id: 'stg', name: 'Staging', host: 'db', database: 'eval', user: 'deploy', environment: 'staging' };
const production: ConnectionProfile = { ...staging, id: 'prod', name: 'Production', environment: 'production', readOnly: true };

function start(link: string, more: Record<string, unknown> = {}) {
  window.history.replaceState(null, '', `/${link}`);
  const transport = new FakeTransport({
    app_info: { version: '1.0.0', dataFolder: '/data', secretStore: 'keyring', secretProblem: null, platform: 'linux' },
    connection_list: { connections: [staging, production], open: [], notice: null },
    connection_discover: [],
    job_list: [],
    ...more,
  });
  render(App, { transport });
  return transport;
}

// The screen is a file of its own: reading it for the first time is nothing to wait for in a test.
beforeAll(() => import('./ConnectionView.svelte'), 60_000);
beforeEach(() => window.history.replaceState(null, '', '/'));

test('a test says the true cause and what was not reached', async () => {
  start('#/connections/stg', {
    connection_test: {
      steps: [{ name: 'Reached', outcome: 'ok', detail: 'db:5432 in 4 ms' }, { name: 'Password', outcome: 'failed', detail: 'refused for deploy' }, { name: 'Database', outcome: 'skipped', detail: 'not reached' }],
      server: null, tookMs: 212,
      error: { code: 'authentication_failed', message: 'the password for deploy is wrong', hint: 'Type it again.', detail: null, sqlstate: '28P01', position: null, object: null, retryable: false, causes: [] },
    },
  });
  await fireEvent.click((await screen.findAllByRole('button', { name: 'Test' }))[0] as HTMLElement);
  expect(await screen.findByText('refused for deploy')).toBeTruthy();
  expect(screen.getByText('not reached')).toBeTruthy();
  expect(screen.getByText('28P01')).toBeTruthy();
});

test('saving sends the password once and forgets it', async () => {
  const transport = start('#/connections/stg', { connection_save: staging });
  const password = await screen.findByLabelText('Password');
  await fireEvent.input(password, { target: { value: 'hunter2' } });
  await fireEvent.click(screen.getByRole('button', { name: /^Save$/ }));
  await vi.waitFor(() => expect(transport.argsOf('connection_save')).toEqual([{ profile: staging, password: 'hunter2' }]));
  await vi.waitFor(() => expect((screen.getByLabelText('Password') as HTMLInputElement).value).toBe(''));
});

test('removing production asks for its name', async () => {
  const transport = start('#/connections/prod', { connection_remove: {} });
  await fireEvent.click(await screen.findByRole('button', { name: 'Remove…' }));
  const dialog = await screen.findByRole('alertdialog');
  await fireEvent.click(within(dialog).getByRole('button', { name: /^Remove Production/ }));
  expect(transport.argsOf('connection_remove')).toEqual([]);
  await fireEvent.input(within(dialog).getByLabelText('Type Production to go on'), { target: { value: 'Production' } });
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Remove Production' }));
  await vi.waitFor(() => expect(transport.argsOf('connection_remove')).toEqual([{ connection: 'prod' }]));
});

test('production is read-only for SQL until somebody says otherwise', async () => {
  start('#/connections/new');
  const chip = await screen.findByRole('radio', { name: 'Production' });
  await fireEvent.click(chip);
  expect((screen.getByRole('radio', { name: /Read-only/ }) as HTMLInputElement).checked).toBe(true);
});

test('a host elsewhere is proposed to be verified, with a way back', async () => {
  start('#/connections/new');
  await fireEvent.input(await screen.findByLabelText('Host'), { target: { value: 'db.example' } });
  expect((screen.getByRole('radio', { name: /verify-full/ }) as HTMLInputElement).checked).toBe(true);
  await fireEvent.click(screen.getByRole('button', { name: 'Use prefer instead' }));
  expect((screen.getByRole('radio', { name: /prefer/ }) as HTMLInputElement).checked).toBe(true);
  expect(screen.queryByRole('button', { name: 'Use prefer instead' })).toBeNull();
});

test('a pooler in between offers the port of the server itself', async () => {
  const transport = start('#/connections/stg', {
    connection_test: { steps: [{ name: 'Direct', outcome: 'attention', detail: 'no: PgBouncer 1.24 stands in between' }], server: null, error: null, tookMs: 9 },
  });
  await fireEvent.input(await screen.findByLabelText('Port'), { target: { value: '6432' } });
  await fireEvent.click((await screen.findAllByRole('button', { name: 'Test' }))[0] as HTMLElement);
  await fireEvent.click(await screen.findByRole('button', { name: 'Use port 5432 for sessions' }));
  await vi.waitFor(() => expect((transport.argsOf('connection_test')[1] as { profile: ConnectionProfile }).profile.port).toBe(5432));
});

test('Alt and an arrow move a connection in the sidebar', async () => {
  const transport = start('#/connections', { connection_arrange: [] });
  await fireEvent.keyDown(await screen.findByRole('button', { name: /^Staging/ }), { key: 'ArrowDown', altKey: true });
  await vi.waitFor(() => expect(transport.argsOf('connection_arrange')).toEqual([{ order: [{ connection: 'prod', group: null }, { connection: 'stg', group: null }] }]));
});

test('an unknown key of an SSH server is accepted by its fingerprint alone', async () => {
  const transport = start('#/connections/stg', {
    connection_trust_host: {},
    connection_test: {
      steps: [], server: null, tookMs: 9,
      error: { code: 'unknown_host_key', message: 'the SSH server bastion is not known yet', hint: 'Compare the fingerprint.', detail: 'SHA256:abc', sqlstate: null, position: null, object: null, retryable: false, causes: [] },
    },
  });
  await fireEvent.click((await screen.findAllByRole('button', { name: 'Test' }))[0] as HTMLElement);
  await fireEvent.click(await screen.findByRole('button', { name: 'Accept this key' }));
  await vi.waitFor(() => expect(transport.argsOf('connection_trust_host')).toEqual([{ profile: staging, fingerprint: 'SHA256:abc' }]));
  await vi.waitFor(() => expect(transport.argsOf('connection_test').length).toBe(2));
});

test('a changed key of an SSH server shows both keys and offers no way to accept it', async () => {
  start('#/connections/stg', {
    connection_test: {
      steps: [], server: null, tookMs: 9,
      error: { code: 'refused', message: 'the SSH server bastion shows another key than before', hint: 'Ask.', detail: 'known SHA256:abc\nshown SHA256:abd\nin known_hosts, line 1', sqlstate: null, position: null, object: null, retryable: false, causes: [] },
    },
  });
  await fireEvent.click((await screen.findAllByRole('button', { name: 'Test' }))[0] as HTMLElement);
  const keys = await screen.findByLabelText('The two keys');
  expect(keys.textContent).toMatch(/Known.*SHA256:abc.*Shown.*SHA256:abd.*known_hosts, line 1/);
  expect(screen.queryByRole('button', { name: 'Accept this key' })).toBeNull();
});
