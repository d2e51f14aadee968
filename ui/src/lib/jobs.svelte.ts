/**
 * Every long action that this window knows of. The backend owns jobs: a reload finds them again, and an event that
 * was missed is made good by asking while one still runs.
 */
import { SvelteMap } from 'svelte/reactivity';
import { AppError, type Client, type Commands, type JobRecord } from './ipc';

/** Commands that start a job reply with its id at once. */
export type JobName = {
  [Name in keyof Commands]: Commands[Name]['reply'] extends { job: string } ? Name : never;
}[keyof Commands] &
  string;

const ASK_MS = 1000;

export const isRunning = (job: JobRecord): boolean => job.state === 'running' || job.state === 'cancelling';

export class Jobs {
  readonly all = new SvelteMap<string, JobRecord>();
  /** Ended while nobody waited for it: the shell says so. */
  onended: (job: JobRecord) => void = () => undefined;
  readonly #client: Client;
  readonly #waiting = new Map<string, Set<(job: JobRecord) => void>>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  get running(): JobRecord[] {
    return [...this.all.values()].filter(isRunning);
  }

  get(id: string | null | undefined): JobRecord | null {
    return id ? (this.all.get(id) ?? null) : null;
  }

  /** The running job of that command on that connection, after a reload too. */
  runningOf(kind: string, connection?: string | null): JobRecord | null {
    const found = this.running.find((job) => job.kind === kind && (connection === undefined || job.connectionId === connection));
    return found ?? null;
  }

  /** Starts a job; resolves to its id. Follow it with `get(id)`, wait with `done(id)`. */
  async start<Name extends JobName>(name: Name, args: Commands[Name]['args']): Promise<string> {
    const call = this.#client.call as (name: string, args: unknown) => Promise<unknown>;
    const { job } = (await call.call(this.#client, name, args)) as { job: string };
    await this.refresh(job);
    return job;
  }

  /** Resolves with the record when it is done; rejects with why it failed or that it was cancelled. */
  async done(id: string): Promise<JobRecord> {
    const known = this.get(id);
    const job = known && !isRunning(known) ? known : await this.#ended(id);
    if (job.state === 'done') return job;
    throw failureOf(job);
  }

  /** Asks the server to stop it; the job ends by itself soon after. */
  async cancel(id: string): Promise<void> {
    await this.#client.call('job_cancel', { job: id });
    await this.refresh(id);
  }

  async refresh(id: string): Promise<void> {
    this.take(await this.#client.call('job_show', { job: id }));
  }

  async load(): Promise<void> {
    for (const job of await this.#client.call('job_list', {})) this.take(job);
  }

  /** Takes a record from a reply or an event. */
  take(job: JobRecord): void {
    const before = this.all.get(job.id);
    if (before && !isRunning(before) && isRunning(job)) return; // An event that came late.
    this.all.set(job.id, job);
    this.#keepAsking();
    if (isRunning(job)) return;
    const waiting = this.#waiting.get(job.id);
    this.#waiting.delete(job.id);
    for (const tell of waiting ?? []) tell(job);
    if (!waiting && before && isRunning(before)) this.onended(job);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #ended(id: string): Promise<JobRecord> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting.add(resolve));
      this.#keepAsking();
    });
  }

  #keepAsking(): void {
    const needed = this.running.length > 0 || this.#waiting.size > 0;
    if (!needed) this.stop();
    else this.#timer ??= setInterval(() => void this.#ask(), ASK_MS);
  }

  async #ask(): Promise<void> {
    const ids = new Set([...this.running.map((job) => job.id), ...this.#waiting.keys()]);
    await Promise.all([...ids].map((id) => this.refresh(id).catch(() => undefined)));
  }
}

export function failureOf(job: JobRecord): AppError {
  if (job.failure) return new AppError({ code: job.failure.kind, message: job.failure.message, hint: job.failure.hint, sqlstate: job.failure.sqlstate, retryable: job.failure.retryable });
  if (job.state === 'cancelled') return new AppError({ code: 'cancelled', message: `${job.title} was cancelled.` });
  return new AppError({
    code: job.state,
    message: `${job.title}: its process ended before it did.`,
    hint: 'Look at the database before repeating it: its last statement may have been done.',
  });
}
