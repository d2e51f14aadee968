/** Which migrations are up, what doing something with them would mean, and the job that does it. */
import type { Client, JobRecord } from '$lib/ipc';
import { isRunning, type Jobs } from '$lib/jobs.svelte';
import { Resource } from '$lib/resource.svelte';
import type { ScreenConnection } from '$lib/screens';
import { isData } from './statements';
import { canGoDown } from './states';
import { caller, type Call } from './calls';
import { LockWatch } from './lock.svelte';
import { rewritten } from './lint';
import type { AdoptPlan, Finding, MigrationDiff, MigrationRequest, Plan, Rehearsal, RehearsalPlace, RehearsalSummary, RepairPlan, Source, Status, StatusRow } from './wire';

/** Commands whose job belongs to this screen. */
const KINDS = ['migrate_apply', 'migrate_repair_apply', 'migrate_rehearse', 'migrate_adopt_apply'];

/** In a rehearsal whoever comes after a statement waits as long as it does. */
const PATIENCE = { lockTimeoutMs: 2_000, statementTimeoutMs: 60_000 };

export class MigrateState {
  readonly status = new Resource<Status>();
  /** Everything pending. */
  readonly pending = new Resource<Plan>();
  /** The shown version alone: up when it is opt-in or out of order, else down. */
  readonly single = new Resource<Plan>();
  readonly source = new Resource<Source>();
  /** Of the up file. */
  readonly lint = new Resource<Finding[]>();
  readonly downLint = new Resource<Finding[]>();
  readonly rehearsals = new Resource<RehearsalSummary[]>();
  /** Of a changed file: what ran beside what the file says. */
  readonly change = new Resource<MigrationDiff>();
  readonly lock: LockWatch;
  readonly #call: Call;
  readonly #jobs: Jobs;
  readonly #connection: ScreenConnection;

  constructor(client: Client, jobs: Jobs, connection: ScreenConnection) {
    this.#call = caller(client, connection.id);
    this.lock = new LockWatch(this.#call);
    this.#jobs = jobs;
    this.#connection = connection;
  }

  async read(): Promise<void> {
    this.single.clear();
    await this.status.load(() => this.#call('migrate_status', {}));
    if (this.status.error) return;
    if (this.status.value) this.lock.take(this.status.value.lockHolder);
    if ((this.status.value?.pending ?? 0) > 0) await this.pending.load(() => this.plan({ kind: 'up' }));
    else this.pending.clear();
    await this.rehearsals.load(() => this.#call('migrate_rehearsal_list', {}));
  }

  /** On request alone: it may build what the files make in a scratch database, to compare. */
  planAdoption(): Promise<AdoptPlan> {
    return this.#call('migrate_adopt_plan', {});
  }

  adopt(plan: AdoptPlan): Promise<string> {
    const confirm = this.isProduction(this.status.value?.environment) ? this.#connection.database : null;
    return this.#jobs.start('migrate_adopt_apply', { connection: this.#connection.id, plan, confirm });
  }

  /** Reads the files of a version, what its lint says, and what doing something with it alone would mean. */
  async look(row: StatusRow): Promise<void> {
    const request = requestOf(row);
    this.single.clear();
    if (row.path === null) {
      this.source.clear();
      this.lint.clear();
    }
    const files = row.path === null ? null : this.#files(row);
    const changed = row.state === 'changed' ? this.change.load(() => this.#call('migrate_diff', { version: row.version })) : Promise.resolve(this.change.clear());
    await Promise.all([files, changed, request ? this.single.load(() => this.plan(request)) : null]);
  }

  plan(request: MigrationRequest): Promise<Plan> {
    return this.#call('migrate_plan', { request });
  }

  repair(version: string, verb: RepairPlan['verb']): Promise<RepairPlan> {
    return this.#call('migrate_repair_plan', { version, verb });
  }

  /** Keeps why a finding is taken as it is: a comment in the file. */
  async accept(row: StatusRow, finding: Finding, reason: string): Promise<void> {
    await this.#call('migrate_accept', { version: row.version, role: 'up', line: finding.line, rule: finding.rule, reason });
    await this.look(row);
  }

  /** Puts the safe form into the file, unless somebody else has changed it since it was read. */
  async rewrite(row: StatusRow, finding: Finding): Promise<void> {
    const source = this.source.value;
    if (source?.version !== row.version) return;
    await this.#call('migrate_write', { version: row.version, role: 'up', text: rewritten(source.up, finding), read: source.upSha384 });
    await this.read();
    await this.look(row);
  }

  /** Whole rehearsals that this window knows of, by their moment. */
  get wholeRehearsals(): Map<string, Rehearsal> {
    const done = this.#own.filter((job) => job.kind === 'migrate_rehearse' && job.outcome);
    return new Map(done.map((job) => [(job.outcome as Rehearsal).summary.at, job.outcome as Rehearsal]));
  }

  /** Starts a plan that was shown. Production, and whatever kills data, has asked for the name before. */
  start(plan: Plan): Promise<string> {
    const confirm = this.mustType(plan) ? this.#connection.database : null;
    return this.#jobs.start('migrate_apply', { connection: this.#connection.id, plan, confirm });
  }

  /** Carries out a decision about one version that was shown. */
  async applyRepair(plan: RepairPlan, database: string, reason: string | null): Promise<void> {
    const confirm = this.isProduction(this.status.value?.environment) ? database : null;
    await this.#call('migrate_repair_apply', { plan, reason, confirm });
  }

  rehearse({ request, environment }: Plan, place: RehearsalPlace): Promise<string> {
    const confirm = place === 'here' && this.isProduction(environment) ? this.#connection.database : null;
    return this.#jobs.start('migrate_rehearse', { connection: this.#connection.id, request, rehearsal: { place, ...PATIENCE }, confirm });
  }

  mustType(plan: Pick<Plan, 'doomed' | 'environment'>): boolean {
    return this.isProduction(plan.environment) || plan.doomed.some(isData);
  }

  /** By our profile, or by what Rails wrote down. */
  isProduction(rails: string | null | undefined): boolean {
    return this.#connection.environment === 'production' || rails === 'production';
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
    return [...this.#jobs.all.values()].filter((job) => KINDS.includes(job.kind) && job.connectionId === this.#connection.id);
  }

  async #files({ version }: StatusRow): Promise<void> {
    if (this.source.value?.version !== version) {
      this.source.clear();
      this.lint.clear();
      this.downLint.clear();
    }
    await Promise.all([
      this.source.load(() => this.#call('migrate_source', { version })),
      this.lint.load(() => this.#lint(version)),
    ]);
  }

  async #lint(version: string): Promise<Finding[]> {
    const scripts = await this.#call('migrate_lint', { version, draft: null });
    const of = (role: string) => scripts.find((one) => one.role === role)?.findings ?? [];
    this.downLint.put(of('down'));
    return of('up');
  }
}

/** What can be done with one version: what goes up only when named, goes up alone; an applied one goes down. */
export function requestOf(row: StatusRow): MigrationRequest | null {
  if (row.state === 'opt_in' || row.state === 'out_of_order') return { kind: 'upOnly', version: row.version };
  if (row.state === 'partial') return { kind: 'resume', version: row.version };
  return canGoDown(row) ? { kind: 'down', version: row.version } : null;
}
