/** A statement while it is explained: what is asked of the backend, and what it says. */
import type { Client, ExplainReport, QueryParameter } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

export interface Statement {
  connection: string;
  text: string;
  offset: number;
  parameters: QueryParameter[];
}

export class Explaining {
  readonly report = new Resource<ExplainReport>();
  analyze = $state(false);
  withoutSeqScan = $state(false);
  readonly #client: Client;
  readonly #statement: Statement;

  constructor(client: Client, statement: Statement) {
    this.#client = client;
    this.#statement = statement;
  }

  /** Planned, or run and measured; the newest question wins. */
  ask(analyze = this.analyze, withoutSeqScan = false): Promise<void> {
    [this.analyze, this.withoutSeqScan] = [analyze, withoutSeqScan];
    const { connection, text, offset, parameters } = this.#statement;
    return this.report.load(() => this.#client.call('query_explain', { connection, text, offset, analyze, buffers: true, withoutSeqScan, parameters }));
  }
}
