/** One span with its conversation, the trace it is part of, and its whole JSON on demand. */
import type { CellValue, Client, SpanDetail, SpanTree } from '$lib/ipc';
import { AppError } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

export class SpanState {
  readonly detail = new Resource<SpanDetail>();
  readonly tree = new Resource<SpanTree>();
  readonly whole = new Resource<CellValue>();
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
  }

  async read(spanId: string): Promise<void> {
    if (this.detail.value?.spanId !== spanId) {
      this.detail.clear();
      this.whole.clear();
    }
    await this.detail.load(() => this.#client.call('span_show', { connection: this.#connection, spanId }));
    const traceId = this.detail.value?.traceId;
    if (this.detail.error || !traceId || (this.tree.value?.traceId === traceId && !this.tree.error)) return;
    this.tree.clear();
    await this.tree.load(() => this.#client.call('span_tree', { connection: this.#connection, traceId }));
  }

  /** The stored JSON, uncut. The table's schema is looked up, since spans are found through the search path. */
  readWhole(): Promise<void> {
    const span = this.detail.value;
    return this.whole.load(async () => {
      const tables = await this.#client.call('table_list', { connection: this.#connection, schema: null });
      const table = tables.find((one) => one.name === 'evaluation_spans' && one.isEvaluationTable);
      if (!span || !table) throw new AppError({ code: 'not_found', message: 'There is no table evaluation_spans where names are looked for.' });
      const query = { table: { schema: table.schema, name: table.name }, column: 'span_data', key: [span.id] };
      return this.#client.call('cell_show', { connection: this.#connection, query });
    });
  }
}
