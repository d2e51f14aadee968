import { expect, test, vi } from 'vitest';
import { Client, type JobRecord } from './ipc';
import { FakeTransport } from './ipc/fake';
import { Jobs } from './jobs.svelte';

const job = (state: JobRecord['state'], more: Partial<JobRecord> = {}): JobRecord => ({
  id: 'j1',
  kind: 'local_open',
  title: 'Open the local database',
  connectionId: null,
  state,
  progress: { phase: 'starting', done: null, total: null, unit: null, detail: null },
  startedAt: '2026-11-22T14:31:00Z',
  endedAt: null,
  outcome: null,
  failure: null,
  ...more,
});

test('a job is started, followed and waited for', async () => {
  const transport = new FakeTransport({ local_open: { job: 'j1' }, job_show: job('running') });
  const jobs = new Jobs(new Client(transport));
  const id = await jobs.start('local_open', { sample: true });
  expect(jobs.get(id)?.state).toBe('running');
  const done = jobs.done(id);
  jobs.take(job('done', { outcome: { connection: 'local' } }));
  expect((await done).outcome).toEqual({ connection: 'local' });
  expect(jobs.running).toEqual([]);
});

test('a failed job rejects with its own words', async () => {
  const jobs = new Jobs(new Client(new FakeTransport()));
  jobs.take(job('failed', { failure: { kind: 'missing', message: 'no PostgreSQL here', hint: 'Install one.' } as JobRecord['failure'] }));
  await expect(jobs.done('j1')).rejects.toMatchObject({ code: 'missing', message: 'no PostgreSQL here', hint: 'Install one.' });
});

test('an event that comes late does not wake an ended job', () => {
  const jobs = new Jobs(new Client(new FakeTransport()));
  jobs.take(job('cancelled'));
  jobs.take(job('running'));
  expect(jobs.get('j1')?.state).toBe('cancelled');
  jobs.stop();
});

test('a missed event is made good by asking', async () => {
  vi.useFakeTimers();
  const transport = new FakeTransport({ job_show: job('done') });
  const jobs = new Jobs(new Client(transport));
  jobs.onended = vi.fn();
  jobs.take(job('running'));
  await vi.advanceTimersByTimeAsync(1100);
  expect(jobs.get('j1')?.state).toBe('done');
  expect(jobs.onended).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
