/** The first screen of a database: one read, and exact counts where somebody asks for one. */
import { SvelteMap } from 'svelte/reactivity';
import { AppError, type Client, type OverviewReply, type TableSize } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

/** A count that was asked for: under way, counted, or why not. */
export type Exact = { state: 'counting' } | { state: 'counted'; rows: number } | { state: 'failed'; error: AppError };

export const tableKey = (table: { schema: string; name: string }): string => `${table.schema}.${table.name}`;

export class OverviewState {
  readonly reply = new Resource<OverviewReply>();
  readonly exact = new SvelteMap<string, Exact>();
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
  }

  read(): Promise<void> {
    this.exact.clear();
    return this.reply.load(() => this.#client.call('overview_show', { connection: this.#connection }));
  }

  /** Counts row by row, one table after the other, so that one session reads at a time. */
  async countExactly(): Promise<void> {
    for (const table of this.guessed) await this.#count(table);
  }

  /** The tables whose rows are the planner's guess. */
  get guessed(): TableSize[] {
    const tables = this.reply.value?.overview.tables ?? [];
    return tables.filter((table) => !table.rows.exact && this.exact.get(tableKey(table))?.state !== 'counted');
  }

  get counting(): boolean {
    return [...this.exact.values()].some((one) => one.state === 'counting');
  }

  async #count(table: TableSize): Promise<void> {
    const key = tableKey(table);
    this.exact.set(key, { state: 'counting' });
    try {
      const name = { schema: table.schema, name: table.name };
      const { rows } = await this.#client.call('table_count', { connection: this.#connection, table: name });
      this.exact.set(key, { state: 'counted', rows });
    } catch (thrown) {
      this.exact.set(key, { state: 'failed', error: AppError.from(thrown) });
    }
  }
}
