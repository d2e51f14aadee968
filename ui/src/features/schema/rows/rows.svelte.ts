/** A page of a table's rows, and one cell of it whole. */
import type { Cell, CellValue, Client, ColumnFilter, RowsPage, TableName } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';
import type { Sort } from '$lib/ui';

export interface RowsLink {
  filter: ColumnFilter[];
  sort: Sort | null;
  cursor: string | null;
}

export const NO_ROWS_LINK: RowsLink = { filter: [], sort: null, cursor: null };

export interface ShownRow {
  key: string;
  at: number;
  cells: (Cell | null)[];
}

export interface OpenCell {
  row: number;
  column: string;
}

export class RowsState {
  readonly page = new Resource<RowsPage>();
  readonly cell = new Resource<CellValue>();
  opened = $state.raw<OpenCell | null>(null);
  readonly #client: Client;
  readonly #connection: string;
  readonly #table: TableName;

  constructor(client: Client, connection: string, table: TableName) {
    this.#client = client;
    this.#connection = connection;
    this.#table = table;
  }

  read(link: RowsLink): Promise<void> {
    this.close();
    const sort = link.sort ? [{ column: link.sort.column, descending: link.sort.direction === 'descending' }] : [];
    const query = { table: this.#table, filter: link.filter, sort, cursor: link.cursor, limit: null };
    return this.page.load(() => this.#client.call('table_rows', { connection: this.#connection, query }));
  }

  get rows(): ShownRow[] {
    const page = this.page.value;
    return page?.rows.map((cells, at) => ({ key: `${at} ${page.keys[at]?.join(' ') ?? ''}`, at, cells })) ?? [];
  }

  /** Shows a cell whole. A value that came whole needs no other read. */
  async open(at: OpenCell): Promise<void> {
    this.opened = at;
    const page = this.page.value;
    const column = page?.columns.findIndex((one) => one.name === at.column) ?? -1;
    const cell = page?.rows[at.row]?.[column] ?? null;
    const typeName = page?.columns[column]?.typeName ?? '';
    if (!cell?.cut) return this.cell.put({ text: cell?.text ?? null, bytes: cell?.bytes ?? 0, typeName });
    this.cell.clear();
    const query = { table: this.#table, column: at.column, key: page?.keys[at.row] ?? [] };
    await this.cell.load(() => this.#client.call('cell_show', { connection: this.#connection, query }));
  }

  close(): void {
    this.opened = null;
    this.cell.clear();
  }
}
