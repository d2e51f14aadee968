/** A statement while it is explained: what is asked of the backend, what it asks back, what it says, and how it is stopped. */
import { AppError, type Client, type ExplainReply, type ExplainReport, type QueryConsent, type QueryGuardPlan, type QueryParameter } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

export interface Statement {
  tab: string;
  connection: string;
  text: string;
  offset: number;
  parameters: QueryParameter[];
}

/** Before a write is run to be measured: first that it is one, then what the connection asks of every write. */
export type Question = { kind: 'writes'; why: string } | { kind: 'asks'; plan: QueryGuardPlan };

/** As a run of the tab has them: it goes on until the server says that it has ended. */
export type Phase = 'running' | 'cancelling' | 'stillRunning';

export class Explaining {
  readonly report = new Resource<ExplainReport>();
  analyze = $state(false);
  withoutSeqScan = $state(false);
  question = $state.raw<Question | null>(null);
  phase = $state<Phase>('running');
  /** The server's process that goes on. */
  pid = $state<number | null>(null);
  /** When the backend was asked. */
  since = $state(0);
  /** A person ended it. */
  cancelled = $state(false);
  /** The server could not be asked to stop. */
  trouble = $state.raw<AppError | null>(null);
  readonly #client: Client;
  readonly #statement: Statement;

  constructor(client: Client, statement: Statement) {
    this.#client = client;
    this.#statement = statement;
  }

  /** Whether there is something to stop. */
  get stoppable(): boolean {
    return this.report.loading;
  }

  /** Planned, or run and measured; the newest question wins. */
  ask(analyze = this.analyze, withoutSeqScan = false): Promise<void> {
    [this.analyze, this.withoutSeqScan] = [analyze, withoutSeqScan];
    return this.#load('query_explain', null);
  }

  /** Runs the write that was asked about, and rolls it back. */
  agree(consent: QueryConsent | null = null): Promise<void> {
    return this.#load('query_analyze', consent);
  }

  /** Nothing was run: what was there stays. */
  decline(): void {
    this.question = null;
    this.#back();
  }

  /** Asks the server to stop; where it goes on all the same, that is said. */
  stop(terminate = false): Promise<void> {
    if (!this.stoppable || (this.phase === 'cancelling' && !terminate)) return Promise.resolve();
    [this.phase, this.trouble] = ['cancelling', null];
    return this.#client.call('query_explain_stop', { tab: this.#statement.tab, terminate }).then(
      ({ over, pid }) => {
        if (!this.stoppable || over) return;
        [this.phase, this.pid] = ['stillRunning', pid];
      },
      (thrown: unknown) => {
        if (this.stoppable) [this.phase, this.trouble] = ['stillRunning', AppError.from(thrown)];
      },
    );
  }

  #back(): void {
    const { value } = this.report;
    this.analyze = value !== null && value.plan.executionMs !== null;
  }

  async #load(name: 'query_explain' | 'query_analyze', consent: QueryConsent | null): Promise<void> {
    [this.question, this.phase, this.pid, this.trouble] = [null, 'running', null, null];
    [this.cancelled, this.since] = [false, performance.now()];
    const before = this.report.value;
    await this.report.load(async () => {
      const reply = await this.#asked(name, consent);
      return (reply && this.#take(reply)) ?? before ?? Promise.reject(new Error('The statement has to be planned first.'));
    });
    if (this.cancelled) this.#back();
  }

  /** Nothing where a person stopped it: what was there stays. */
  async #asked(name: 'query_explain' | 'query_analyze', consent: QueryConsent | null): Promise<ExplainReply | null> {
    const { tab, connection, text, offset, parameters } = this.#statement;
    try {
      return await this.#client.call(name, { tab, connection, text, offset, analyze: this.analyze, buffers: true, withoutSeqScan: this.withoutSeqScan, parameters, consent });
    } catch (thrown) {
      if (this.phase === 'running' || !AppError.from(thrown).is('cancelled')) throw thrown;
      this.cancelled = true;
      if (!this.report.value) throw thrown;
      return null;
    }
  }

  #take(reply: ExplainReply): ExplainReport | null {
    if (reply.kind === 'explained') return reply.report;
    this.question = reply;
    return null;
  }
}
