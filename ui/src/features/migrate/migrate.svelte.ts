/** Which migrations are up, what applying or rolling back would do, and the job that does it. */
import type { Client, JobRecord, MigrationPlan, MigrationRequest, MigrationSource, MigrationStatus, MigrationStatusRow } from '$lib/ipc';
import { isRunning, type Jobs } from '$lib/jobs.svelte';
import { Resource } from '$lib/resource.svelte';
import type { ScreenConnection } from '$lib/screens';

const KIND = 'migrate_apply';

export class MigrateState {
  readonly status = new Resource<MigrationStatus>();
  /** Everything pending. */
  readonly pending = new Resource<MigrationPlan>();
  /** The shown version alone: up when it is opt-in, else down. */
  readonly single = new Resource<MigrationPlan>();
  readonly source = new Resource<MigrationSource>();
  readonly #client: Client;
  readonly #jobs: Jobs;
  readonly #connection: ScreenConnection;

  constructor(client: Client, jobs: Jobs, connection: ScreenConnection) {
    this.#client = client;
    this.#jobs = jobs;
    this.#connection = connection;
  }

  async read(): Promise<void> {
    this.single.clear();
    await this.status.load(() => this.#client.call('migrate_status', { connection: this.#connection.id }));
    if (this.status.error) return;
    if ((this.status.value?.pending ?? 0) > 0) await this.pending.load(() => this.#plan({ kind: 'up' }));
    else this.pending.clear();
  }

  /** Reads the files of a version, and what doing something with it alone would mean. */
  async look(row: MigrationStatusRow): Promise<void> {
    const request = requestOf(row);
    this.single.clear();
    const files = row.path === null ? Promise.resolve(this.source.clear()) : this.#files(row);
    await Promise.all([files, request ? this.single.load(() => this.#plan(request)) : null]);
  }

  /** Starts a plan that was shown. Production, and whatever kills data, has asked for the name before. */
  start(plan: MigrationPlan): Promise<string> {
    const confirm = this.mustType(plan) ? this.#connection.database : null;
    return this.#jobs.start(KIND, { connection: this.#connection.id, plan, confirm });
  }

  mustType(plan: MigrationPlan): boolean {
    return this.#connection.environment === 'production' || plan.doomed.length > 0;
  }

  get running(): JobRecord | null {
    return this.#own.find(isRunning) ?? null;
  }

  /** A job to show: the named one, else one that runs. */
  job(id: string | undefined): JobRecord | null {
    return this.#own.find((job) => job.id === id) ?? this.running;
  }

  get notNow(): string | null {
    if (this.#connection.readOnly) return 'This connection is read-only';
    return this.running ? 'A migration is running on this connection' : null;
  }

  get #own(): JobRecord[] {
    return [...this.#jobs.all.values()].filter((job) => job.kind === KIND && job.connectionId === this.#connection.id);
  }

  #plan(request: MigrationRequest): Promise<MigrationPlan> {
    return this.#client.call('migrate_plan', { connection: this.#connection.id, request });
  }

  #files({ version }: MigrationStatusRow): Promise<void> {
    if (this.source.value?.version !== version) this.source.clear();
    return this.source.load(() => this.#client.call('migrate_source', { connection: this.#connection.id, version }));
  }
}

/** What can be done with one version: an opt-in one goes up alone, an applied one goes down. */
export function requestOf(row: MigrationStatusRow): MigrationRequest | null {
  if (row.state === 'opt_in') return { kind: 'upOnly', version: row.version };
  if (row.state === 'up' && row.hasDown) return { kind: 'down', version: row.version };
  return null;
}

export const isDown = (plan: MigrationPlan): boolean => plan.steps.some((step) => step.direction === 'down');
