import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import App from '../../App.svelte';
import type { ConnectionProfile, ImportFound } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { NEW_PROFILE } from './defaults';

const profile = (name: string): ConnectionProfile => ({ ...NEW_PROFILE, name, host: 'db', database: 'raaf', user: 'deploy' });
const one = (name: string, more: Partial<ImportFound> = {}): ImportFound => ({ profile: profile(name), password: 'carried', line: null, problem: null, note: null, exists: null, ...more });
const plan = {
  found: [one('<script>alert(1)</script>'), one('Saved', { exists: 'Staging' }), one('Broken', { problem: 'line 4: host: the Ruby <%= x %> is not understood' })],
  problems: [{ line: 7, message: 'the Ruby <% if x %> is not understood' }],
  notes: ['DATABASE_URL is set here.'],
};

function start(link: string, more: Record<string, unknown> = {}) {
  window.history.replaceState(null, '', `/${link}`);
  const transport = new FakeTransport({
    app_info: { version: '1.0.0', dataFolder: '/data', secretStore: 'keyring', secretProblem: null, platform: 'linux' },
    connection_list: { connections: [{ ...profile('Staging'), id: 'stg' }], open: [], notice: null },
    connection_discover: [],
    connection_import_plan: plan,
    job_list: [],
    ...more,
  });
  render(App, { transport });
  return transport;
}

// The screen is a file of its own: reading it for the first time is nothing to wait for in a test.
beforeAll(() => import('./ConnectionView.svelte'), 60_000);
beforeEach(() => window.history.replaceState(null, '', '/'));

test('what is new is chosen, what is saved or broken is not', async () => {
  const transport = start('#/connections/import?from=environment', { connection_import: [] });
  expect(((await screen.findByLabelText('Import <script>alert(1)</script>')) as HTMLInputElement).checked).toBe(true);
  expect((screen.getByLabelText('Import Saved') as HTMLInputElement).checked).toBe(false);
  expect(screen.queryByLabelText('Import Broken')).toBeNull();
  expect(screen.getByText(/is not understood$/, { selector: 'p' })).toBeTruthy();
  expect(screen.getByText('Line 7')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Import 1 connection' }));
  await vi.waitFor(() => expect(transport.argsOf('connection_import')).toEqual([{ source: { kind: 'environment' }, names: ['<script>alert(1)</script>'], ask: false }]));
});

test('a file is looked at once it is named', async () => {
  const transport = start('#/connections/import');
  await fireEvent.input(await screen.findByLabelText('Path'), { target: { value: '/srv/app/config/database.yml' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Look' }));
  await screen.findByText('Broken');
  expect(transport.argsOf('connection_import_plan')).toEqual([{ source: { kind: 'database_yml', path: '/srv/app/config/database.yml' } }]);
});

test('what is found on this computer is offered on the list', async () => {
  start('#/connections', { connection_discover: [{ kind: 'pgpass', path: '/home/me/.pgpass', plan, problem: null }] });
  expect(await screen.findByText('Found on this computer')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Import 1' })).toBeTruthy();
});
