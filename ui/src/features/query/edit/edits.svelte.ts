/** Changes of a result's rows that are staged: nothing reaches the server before they are reviewed and applied. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { QueryCell, QueryEdit } from '../wire';

export type RowState = 'inserted' | 'deleted' | 'edited';
type Values = Record<number, string | null>;

const cellOf = (value: string | null): QueryCell | null => (value === null ? null : { text: value, bytes: value.length, cut: false });

export class Edits {
  /** By number of the row in the result itself, whatever order it is shown in; then by column. */
  readonly #updates = new SvelteMap<number, Values>();
  readonly #deletes = new SvelteSet<number>();
  #inserts = $state<Values[]>([]);
  /** Rows on screen; new ones stand behind them. */
  readonly #rows: () => number;
  /** What a row on screen is in the result; undefined until that is known. */
  readonly #number: (row: number) => number | undefined;

  constructor(rows: () => number, number: (row: number) => number | undefined = (row) => row) {
    this.#rows = rows;
    this.#number = number;
  }

  get inserted(): number {
    return this.#inserts.length;
  }

  /** Changed cells' rows, new rows and rows that go. */
  get count(): number {
    return [...this.#updates.keys()].filter((row) => !this.#deletes.has(row)).length + this.#inserts.length + this.#deletes.size;
  }

  rowState(row: number): RowState | null {
    if (row >= this.#rows()) return row - this.#rows() < this.#inserts.length ? 'inserted' : null;
    const number = this.#number(row) ?? -1;
    return this.#deletes.has(number) ? 'deleted' : this.#updates.has(number) ? 'edited' : null;
  }

  isChanged(row: number, column: number): boolean {
    return this.#valuesOf(row)?.[column] !== undefined;
  }

  /** What is staged for a cell; undefined where nothing is. A new row's cell that nobody wrote takes its default. */
  cell(row: number, column: number): QueryCell | null | undefined {
    const value = this.#valuesOf(row)?.[column];
    return value === undefined ? undefined : cellOf(value);
  }

  #valuesOf(row: number): Values | undefined {
    const behind = row - this.#rows();
    return behind >= 0 ? this.#inserts[behind] : this.#updates.get(this.#number(row) ?? -1);
  }

  /** Writing what is there already takes the change back. */
  set(row: number, column: number, value: string | null, before: QueryCell | null | undefined): void {
    const behind = row - this.#rows();
    if (behind >= 0) {
      this.#inserts = this.#inserts.map((one, at) => (at === behind ? { ...one, [column]: value } : one));
      return;
    }
    const number = this.#number(row);
    // What is not here yet nobody has seen, and nobody changes.
    if (number !== undefined) this.setStored(number, column, value, before);
  }

  /** The same of a row by its number in the result. */
  setStored(number: number, column: number, value: string | null, before: QueryCell | null | undefined): void {
    const same = before !== undefined && !before?.cut && (before?.text ?? null) === value;
    const values: Values = { ...this.#updates.get(number), [column]: value };
    if (same) delete values[column];
    if (Object.keys(values).length === 0) this.#updates.delete(number);
    else this.#updates.set(number, values);
  }

  /** Returns where the new row stands. */
  insert(): number {
    this.#inserts = [...this.#inserts, {}];
    return this.#rows() + this.#inserts.length - 1;
  }

  /** New rows among those on screen just leave. */
  dropInserted(first: number, last: number): void {
    const shown = this.#rows();
    this.#inserts = this.#inserts.filter((_, at) => shown + at < first || shown + at > last);
  }

  /** Marks rows to go, by their numbers in the result, or takes that back where all of them are. */
  toggleDelete(numbers: number[]): void {
    const all = numbers.every((number) => this.#deletes.has(number));
    for (const number of numbers) if (all) this.#deletes.delete(number); else this.#deletes.add(number);
  }

  discard(): void {
    this.#updates.clear();
    this.#deletes.clear();
    this.#inserts = [];
  }

  /** In the order of the rows: changes, deletions, then what is new. */
  wire(): QueryEdit[] {
    const updates = [...this.#updates].filter(([row]) => !this.#deletes.has(row)).sort(([a], [b]) => a - b);
    return [
      ...updates.flatMap(([row, values]) => Object.entries(values).map(([column, value]) => ({ kind: 'update' as const, row, column: Number(column), value }))),
      ...[...this.#deletes].sort((a, b) => a - b).map((row) => ({ kind: 'delete' as const, row })),
      ...this.#inserts.map((values) => ({ kind: 'insert' as const, values: Object.entries(values).map(([column, value]) => ({ column: Number(column), value })) })),
    ];
  }
}
