import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { httpTransport } from './http';

const answer = (body: string, status = 200) => new Response(body, { status });

beforeEach(() => {
  sessionStorage.clear();
  window.history.replaceState(null, '', '/?token=secret-1#/c/local/runs');
});
afterEach(() => vi.unstubAllGlobals());

test('the token leaves the address and goes into a header', async () => {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => answer('{"ms":4}'));
  vi.stubGlobal('fetch', fetched);
  expect(await httpTransport().call('connection_ping', { connection: 'local' })).toEqual({ ms: 4 });
  expect(window.location.href).not.toContain('secret-1');
  expect(window.location.hash).toBe('#/c/local/runs');
  const [url, init] = fetched.mock.calls[0] ?? ['', {}];
  expect(url).toBe('/call/connection_ping');
  expect((init.headers as Record<string, string>)['x-evaldesk-token']).toBe('secret-1');
  expect(init.body).toBe('{"connection":"local"}');
});

test('a refused call rejects with the report of its body', async () => {
  vi.stubGlobal('fetch', async () => answer('{"code":"not_found","message":"no such run"}', 404));
  await expect(httpTransport().call('run_show', {})).rejects.toMatchObject({ code: 'not_found', message: 'no such run' });
});

test('no answer at all says so', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(httpTransport().call('job_list', {})).rejects.toMatchObject({ code: 'connectionRefused', retryable: true });
});

test('a stream is read line by line, wherever the parts are cut', async () => {
  const parts = ['{"at":1}\n{"a', 't":2}\n', '\n{"at":3}\n'].map((part) => new TextEncoder().encode(part));
  const body = new ReadableStream({ start: (to) => (parts.forEach((part) => to.enqueue(part)), to.close()) });
  vi.stubGlobal('fetch', async () => new Response(body));
  const seen: unknown[] = [];
  await httpTransport().stream('session_events', {}, (item) => seen.push(item));
  await vi.waitFor(() => expect(seen).toEqual([{ at: 1 }, { at: 2 }, { at: 3 }]));
});
