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
