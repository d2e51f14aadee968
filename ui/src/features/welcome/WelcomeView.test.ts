import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import App from '../../App.svelte';
import type { JobRecord } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { openingSteps, stepOf } from './opening';

const record = (state: JobRecord['state'], phase: string, more: Partial<JobRecord> = {}): JobRecord => ({
  id: 'j1', kind: 'local_open', title: 'Open the local database', connectionId: null, state,
  progress: { phase, done: null, total: null, unit: null, detail: null },
  startedAt: '2026-11-22T14:31:00Z', endedAt: null, outcome: null, failure: null, ...more,
});

const answers = () => ({
  app_info: { version: '1.0.0', dataFolder: '/data', secretStore: 'keyring', secretProblem: null, platform: 'linux' },
  connection_list: { connections: [], open: [], notice: null },
  job_list: [],
  local_status: { status: { state: 'absent', engine: { version: '17.2' }, problem: null }, passwordFile: null, notices: [] },
  local_open: { job: 'j1' },
  job_show: record('running', 'starting PostgreSQL'),
});

test('the steps follow the phases', () => {
  expect(stepOf('starting PostgreSQL', 0)).toBe(0);
  expect(stepOf('making the tables', 0)).toBe(1);
  expect(stepOf('loading sample data', 1)).toBe(2);
  expect(stepOf('something new', 1)).toBe(1);
  expect(openingSteps(record('running', 'making the tables'), 1).map((step) => step.state)).toEqual(['ok', 'running', 'pending']);
  expect(openingSteps(record('failed', 'making the tables'), 1).map((step) => step.state)).toEqual(['ok', 'failed', 'pending']);
});

test('it opens the local database, and says what failed', async () => {
  const transport = new FakeTransport(answers());
  render(App, { transport, links: false });
  await fireEvent.click(await screen.findByRole('button', { name: /Open the local database/ }));
  expect(await screen.findByText('Sample data')).toBeTruthy();
  expect(transport.argsOf('local_open')).toEqual([{ sample: true }]);
  transport.emit('session_events', {
    type: 'job',
    job: record('failed', 'starting PostgreSQL', { failure: { kind: 'missing', message: 'no PostgreSQL here', hint: 'Install one.' } as JobRecord['failure'] }),
  });
  expect(await screen.findByText('No PostgreSQL here.')).toBeTruthy();
  await vi.waitFor(() => expect(transport.shown).toContainEqual({ screen: 'welcome', rows: 0 }));
});
