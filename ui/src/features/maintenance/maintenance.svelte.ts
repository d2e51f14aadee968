/** A plan of what a vacuum would do, and the jobs that came of such plans, running ones found again after a reload. */
import type { Client, JobRecord, TableName, VacuumPlan, VacuumRequest, VacuumWork } from '$lib/ipc';
import { isRunning, type Jobs } from '$lib/jobs.svelte';
import { Resource } from '$lib/resource.svelte';
import type { ScreenConnection } from '$lib/screens';

const KIND = 'maintenance_apply';

export class MaintenanceState {
  readonly plan = new Resource<VacuumPlan>();
  readonly #client: Client;
  readonly #jobs: Jobs;
  readonly #connection: ScreenConnection;

  constructor(client: Client, jobs: Jobs, connection: ScreenConnection) {
    this.#client = client;
    this.#jobs = jobs;
    this.#connection = connection;
  }

  read(request: VacuumRequest): Promise<void> {
    return this.plan.load(() => this.#client.call('maintenance_plan', { connection: this.#connection.id, request }));
  }

  /** Starts the shown plan; resolves to the job's id. */
  start(): Promise<string> {
    const plan = this.plan.value;
    if (!plan) throw new Error('nothing is planned');
    const confirm = this.mustConfirm ? this.#connection.database : null;
    return this.#jobs.start(KIND, { connection: this.#connection.id, plan, confirm });
  }

  /** Production asks for its database's name. */
  get mustConfirm(): boolean {
    return this.#connection.environment === 'production';
  }

  /** This connection's jobs, the newest first. */
  get jobs(): JobRecord[] {
    return [...this.#jobs.all.values()]
      .filter((job) => job.kind === KIND && job.connectionId === this.#connection.id)
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  get running(): JobRecord | null {
    return this.jobs.find(isRunning) ?? null;
  }

  /** How many tables something would be done with. */
  get planned(): number {
    return this.plan.value?.steps.filter((step) => step.sql !== null).length ?? 0;
  }

  /** Why the plan can't be applied now; null when it can. */
  get notNow(): string | null {
    if (this.#connection.readOnly) return 'This connection is read-only';
    if (this.running) return 'A job is running on this connection';
    if (!this.plan.value) return 'Nothing is planned yet';
    return this.planned === 0 ? 'There is no table to work on' : null;
  }
}

export const WORKS: { value: VacuumWork; label: string }[] = [
  { value: 'vacuum_analyze', label: 'Vacuum and analyze' },
  { value: 'vacuum', label: 'Vacuum' },
  { value: 'analyze', label: 'Analyze' },
];

// The link: "public.evaluation_spans,public.evaluation_runs". A dot or a comma in a name is percent-encoded.
export const toLink = (tables: TableName[]): string | undefined =>
  tables.length === 0 ? undefined : tables.map(({ schema, name }) => `${code(schema)}.${code(name)}`).join(',');

const code = (part: string): string => encodeURIComponent(part).replace(/\./g, '%2E');

export function fromLink(text: string | undefined): TableName[] {
  return (text ?? '').split(',').filter(Boolean).map((one) => {
    const [schema = '', name] = one.split('.').map(decode);
    return name === undefined ? { schema: 'public', name: schema } : { schema, name };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const workOf = (text: string | undefined): VacuumWork => WORKS.find((one) => one.value === text)?.value ?? 'vacuum_analyze';
