/**
 * What the window knows of connections: the saved list, which are open, and why one could not be opened. Passwords
 * pass through here once, on their way to the backend, and are not kept.
 */
import { SvelteMap } from 'svelte/reactivity';
import { AppError, type Client, type ConnectionProfile, type OpenConnection, type SessionEvent } from '$lib/ipc';
import type { Connections } from '$lib/context.svelte';
import type { Jobs } from '$lib/jobs.svelte';
import type { ScreenConnection } from '$lib/screens';

export type Opening =
  | { state: 'opening' }
  | { state: 'open'; opened: OpenConnection }
  /** The password is asked each time, or the keyring has none. */
  | { state: 'asking'; error: AppError }
  | { state: 'failed'; error: AppError };

const PING_MS = 15_000;

/** What a session was opened by: where it stands in the list and what is written of it changes nothing. */
const opensBy = (profile: ConnectionProfile): string => JSON.stringify({ ...profile, group: null, notes: null, color: null });

export class Session implements Connections {
  connections = $state.raw<ConnectionProfile[]>([]);
  notice = $state<string | null>(null);
  listError = $state.raw<AppError | null>(null);
  loaded = $state(false);
  readonly openings = new SvelteMap<string, Opening>();
  readonly pings = new SvelteMap<string, number>();
  /** A saved connection is gone, removed here or in another program. */
  onremoved: (id: string) => void = () => undefined;
  readonly #client: Client;
  readonly #jobs: Jobs;
  #closers: (() => void)[] = [];
  #stopped = false;

  constructor(client: Client, jobs: Jobs) {
    this.#client = client;
    this.#jobs = jobs;
  }

  /** Follows what changes. A backend without events still works, less lively. */
  async follow(): Promise<void> {
    const timer = setInterval(() => void this.#pingOpen(), PING_MS);
    this.#closers.push(() => clearInterval(timer));
    const close = await this.#client.stream('session_events', {}, (event) => this.#take(event)).catch(() => null);
    if (close && this.#stopped) close();
    else if (close) this.#closers.push(close);
    await this.#jobs.load().catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
    for (const close of this.#closers) close();
    this.#closers = [];
    this.#jobs.stop();
  }

  async reload(): Promise<void> {
    try {
      const list = await this.#client.call('connection_list', {});
      this.#forgetChanged(list.connections);
      this.#forgetClosed(list.open);
      this.connections = list.connections;
      this.notice = list.notice;
      this.listError = null;
    } catch (thrown) {
      this.listError = AppError.from(thrown);
    } finally {
      this.loaded = true;
    }
  }

  profile(id: string | null): ConnectionProfile | null {
    return this.connections.find((one) => one.id === id) ?? null;
  }

  opened(id: string | null): OpenConnection | null {
    const opening = id === null ? undefined : this.openings.get(id);
    return opening?.state === 'open' ? opening.opened : null;
  }

  isOpen(id: string): boolean {
    return this.openings.get(id)?.state === 'open';
  }

  /** Opens it unless it is open or on its way. */
  ensureOpen(id: string): void {
    const state = this.openings.get(id)?.state;
    if (state === undefined) void this.open(id);
  }

  async open(id: string, password?: string): Promise<void> {
    this.openings.set(id, { state: 'opening' });
    try {
      const opened = await this.#client.call('connection_open', password === undefined ? { connection: id } : { connection: id, password });
      this.openings.set(id, { state: 'open', opened });
      this.pings.set(id, opened.pingMs);
      if (!this.profile(id)) await this.reload();
    } catch (thrown) {
      const error = AppError.from(thrown);
      this.openings.set(id, { state: this.#asks(id, error) ? 'asking' : 'failed', error });
    }
  }

  /** Settings that changed (here or in another program) end what was open by the old ones. */
  #forgetChanged(next: ConnectionProfile[]): void {
    for (const before of this.connections) {
      const after = next.find((one) => one.id === before.id);
      if (!after || opensBy(after) !== opensBy(before)) this.forget(before.id);
      if (!after) this.onremoved(before.id);
    }
  }

  /** Closed elsewhere (its server was stopped): the next look opens it again. */
  #forgetClosed(open: string[]): void {
    for (const [id, opening] of this.openings) {
      if (opening.state === 'open' && !open.includes(opening.opened.profile.id)) this.forget(id);
    }
  }

  forget(id: string): void {
    this.openings.delete(id);
    this.pings.delete(id);
  }

  async close(id: string): Promise<void> {
    await this.#client.call('connection_close', { connection: id });
    this.forget(id);
  }

  screenConnection(id: string): ScreenConnection | null {
    const opened = this.opened(id);
    if (!opened) return null;
    const { profile, server } = opened;
    return {
      id,
      name: profile.name,
      environment: profile.environment,
      database: server.database,
      host: profile.host,
      user: server.role,
      readOnly: profile.readOnly,
      serverVersion: server.version.text,
    };
  }

  #asks(id: string, error: AppError): boolean {
    const policy = this.profile(id)?.secretPolicy;
    return error.is('secretUnavailable') || (policy === 'ask' && error.is('authenticationFailed'));
  }

  #take(event: SessionEvent): void {
    if (event.type === 'job') return this.#jobs.take(event.job);
    void this.reload();
    if (event.type === 'missed') void this.#jobs.load().catch(() => undefined);
  }

  async #pingOpen(): Promise<void> {
    for (const [id, opening] of this.openings) {
      if (opening.state !== 'open') continue;
      const ping = await this.#client.call('connection_ping', { connection: id }).catch(() => null);
      if (ping) this.pings.set(id, ping.ms);
      else this.pings.delete(id);
    }
  }
}
