/**
 * The loopback bridge: POST /call/<name>, GET /stream/<name> as JSON lines. A token keeps other pages of the same
 * machine out; it comes once in the address, is taken out of it at once, and lives as long as the browser tab.
 */
import { AppError } from './error';
import type { Preferences, Transport } from './transport';

const TOKEN_KEY = 'evaldesk.token';
const HEADER = 'x-evaldesk-token';

export function httpTransport(base = ''): Transport {
  const token = takeToken();
  const headers: Record<string, string> = token ? { [HEADER]: token } : {};
  return {
    call: (name, args) => post(`${base}/call/${name}`, headers, args),
    stream: (name, args, onItem) => readLines(`${base}/stream/${name}`, headers, args, onItem),
    preferences: localPreferences(),
  };
}

async function post(url: string, headers: Record<string, string>, args: unknown): Promise<unknown> {
  const response = await reach(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(args ?? {}),
  });
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

async function readLines(
  url: string,
  headers: Record<string, string>,
  args: unknown,
  onItem: (item: unknown) => void,
): Promise<() => void> {
  const stop = new AbortController();
  const query = new URLSearchParams({ args: JSON.stringify(args ?? {}) });
  const response = await reach(`${url}?${query}`, { headers, signal: stop.signal });
  void pump(response, onItem).catch(() => undefined);
  return () => stop.abort();
}

async function pump(response: Response, onItem: (item: unknown) => void): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onItem(JSON.parse(line));
  }
}

/** A refused call carries an ErrorReport as its body; no answer at all becomes one of ours. */
async function reach(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new AppError({
      code: 'connectionRefused',
      message: 'Evaldesk does not answer: its local service is not running.',
      hint: 'Start it again and reload this page.',
      retryable: true,
      causes: [String(cause)],
    });
  });
  if (response.ok) return response;
  throw AppError.from(await response.json().catch(() => refusal(response)));
}

function refusal(response: Response): AppError {
  return new AppError({ code: 'internal', message: `The local service answered ${response.status} ${response.statusText}.` });
}

function takeToken(): string | null {
  const { hash, search, pathname } = window.location;
  const inHash = /[?&#]token=([^&]+)/.exec(hash);
  const found = new URLSearchParams(search).get('token') ?? (inHash?.[1] ? decodeURIComponent(inHash[1]) : null);
  if (!found) return sessionStorage.getItem(TOKEN_KEY);
  sessionStorage.setItem(TOKEN_KEY, found);
  const query = new URLSearchParams(search);
  query.delete('token');
  const cleanHash = hash.replace(/[?&#]token=[^&]+/, '');
  window.history.replaceState(null, '', pathname + (query.size > 0 ? `?${query}` : '') + cleanHash);
  return found;
}

function localPreferences(): Preferences {
  return {
    get: async (key) => {
      const text = localStorage.getItem(`evaldesk.${key}`);
      try {
        return text === null ? undefined : JSON.parse(text);
      } catch {
        return undefined; // Written by something else: as good as not there.
      }
    },
    set: async (key, value) => localStorage.setItem(`evaldesk.${key}`, JSON.stringify(value)),
  };
}
