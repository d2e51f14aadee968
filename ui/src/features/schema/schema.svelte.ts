/** The tables of a database, and one of them in detail. */
import { AppError, type Client, type TableDetail, type TableName, type TableSummary } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

export class SchemaState {
  readonly tables = new Resource<TableSummary[]>();
  readonly detail = new Resource<TableDetail>();
  /** An exact count that was asked for. */
  readonly exact = new Resource<number>();
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
  }

  readTables(): Promise<void> {
    return this.tables.load(() => this.#client.call('table_list', { connection: this.#connection, schema: null }));
  }

  readTable(table: TableName): Promise<void> {
    const shown = this.detail.value?.summary;
    if (shown && (shown.schema !== table.schema || shown.name !== table.name)) {
      this.detail.clear();
      this.exact.clear();
    }
    return this.detail.load(() => this.#client.call('table_show', { connection: this.#connection, table }));
  }

  count(table: TableName): Promise<void> {
    return this.exact.load(async () => {
      const { rows } = await this.#client.call('table_count', { connection: this.#connection, table });
      return rows;
    });
  }

  /** Where a person wants to be first: an evaluation table, else the first there is. */
  get first(): TableName | null {
    const tables = this.tables.value ?? [];
    const found = tables.find((one) => one.name === 'evaluation_results' && one.isEvaluationTable) ?? tables.find((one) => one.isEvaluationTable) ?? tables[0];
    return found ? { schema: found.schema, name: found.name } : null;
  }
}

export const notThere = (error: AppError): boolean => error.is('not_found');
