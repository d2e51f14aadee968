/** A statement while it is explained: what is asked of the backend, what it asks back, and what it says. */
import type { Client, ExplainReply, ExplainReport, QueryConsent, QueryGuardPlan, QueryParameter } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

export interface Statement {
  connection: string;
  text: string;
  offset: number;
  parameters: QueryParameter[];
}

/** Before a write is run to be measured: first that it is one, then what the connection asks of every write. */
export type Question = { kind: 'writes'; why: string } | { kind: 'asks'; plan: QueryGuardPlan };

export class Explaining {
  readonly report = new Resource<ExplainReport>();
  analyze = $state(false);
  withoutSeqScan = $state(false);
  question = $state.raw<Question | null>(null);
  readonly #client: Client;
  readonly #statement: Statement;

  constructor(client: Client, statement: Statement) {
    this.#client = client;
    this.#statement = statement;
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
    [this.question, this.analyze] = [null, this.report.value?.plan.executionMs !== null && this.report.value !== null];
  }

  async #load(name: 'query_explain' | 'query_analyze', consent: QueryConsent | null): Promise<void> {
    this.question = null;
    const { connection, text, offset, parameters } = this.#statement;
    const before = this.report.value;
    await this.report.load(async () => {
      const reply = await this.#client.call(name, { connection, text, offset, analyze: this.analyze, buffers: true, withoutSeqScan: this.withoutSeqScan, parameters, consent });
      return this.#take(reply) ?? before ?? Promise.reject(new Error('The statement has to be planned first.'));
    });
  }

  #take(reply: ExplainReply): ExplainReport | null {
    if (reply.kind === 'explained') return reply.report;
    this.question = reply;
    return null;
  }
}
