import { expect, test, vi } from 'vitest';
import { Client } from './client';
import { AppError } from './error';
import { FakeTransport } from './fake';

test('every failure is an AppError', async () => {
  const transport = new FakeTransport({
    job_list: () => {
      throw { code: 'storage', message: 'the disk is full' };
    },
  });
  const failure = await new Client(transport).call('job_list', {}).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AppError);
  expect(failure).toMatchObject({ code: 'storage', message: 'the disk is full' });
});

test('what was asked ahead is taken once, and only by the same call', async () => {
  let asked = 0;
  const transport = new FakeTransport({ job_list: () => [{ id: String(++asked) }] as never });
  const client = new Client(transport);
  void client.ahead('job_list', {});
  expect(await client.call('job_list', {})).toEqual([{ id: '1' }]);
  expect(await client.call('job_list', {})).toEqual([{ id: '2' }]);
});

test('a failure that was met ahead is told once, and the next call asks again', async () => {
  let failing = true;
  const transport = new FakeTransport({
    job_list: () => {
      if (failing) throw { code: 'storage', message: 'not yet' };
      return [];
    },
  });
  const client = new Client(transport);
  await client.ahead('job_list', {});
  failing = false;
  await expect(client.call('job_list', {})).rejects.toMatchObject({ message: 'not yet' });
  expect(await client.call('job_list', {})).toEqual([]);
});

test('a stream delivers until it is closed', async () => {
  const transport = new FakeTransport();
  const seen = vi.fn();
  const close = await new Client(transport).stream('session_events', {}, seen);
  transport.emit('session_events', { type: 'connections' });
  close();
  transport.emit('session_events', { type: 'connections' });
  expect(seen).toHaveBeenCalledOnce();
});

test('painted waits until the frame is on the glass', async () => {
  const transport = new FakeTransport();
  new Client(transport).painted('overview', 4);
  expect(transport.shown).toEqual([]);
  await vi.waitFor(() => expect(transport.shown).toEqual([{ screen: 'overview', rows: 4 }]));
});
