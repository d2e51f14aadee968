/** Migrations by rows, connections by columns, and what of each schema differs from the files. */
import { SvelteMap } from 'svelte/reactivity';
import { plural } from '$lib/format';
import type { Client } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';
import { environmentOf, type IconName, type StatusKind } from '$lib/ui';
import { driftSummary } from '../drift/words';
import { stateWords } from '../states';
import type { Drift, Matrix, MatrixCell, MatrixColumn, MatrixRow } from '../wire';

export type Which = 'all' | 'differ' | 'waiting';
/** A row of the grid: two of the columns themselves, then one a version. */
export type Line = { kind: 'applied' } | { kind: 'schema' } | { kind: 'version'; row: MatrixRow };

export class MatrixState {
  readonly matrix = new Resource<Matrix>();
  /** By connection, once it was compared. */
  readonly drifts = new SvelteMap<string, Resource<Drift>>();
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
  }

  /** Open ones are looked at; with `open`, those too whose password is known. */
  read(open = false): Promise<void> {
    return this.matrix.load(() => this.#client.call('migrate_matrix', { connection: this.#connection, open }));
  }

  async compare(connection: string): Promise<void> {
    await this.#drift(connection);
    await this.read();
  }

  /** Every column that can be looked at now. */
  async compareAll(): Promise<void> {
    await Promise.all((this.matrix.value?.columns ?? []).filter((one) => one.live).map((one) => this.#drift(one.connection)));
    await this.read();
  }

  /** The cells say which version a difference belongs to, so they are read again after. */
  async #drift(connection: string): Promise<void> {
    const drift = this.drifts.get(connection) ?? new Resource<Drift>();
    this.drifts.set(connection, drift);
    await drift.load(() => this.#client.call('migrate_drift', { connection }));
  }
}

export function linesOf({ rows }: Matrix, which: Which): Line[] {
  const shown = [...rows].reverse().filter((row) => which === 'all' || (which === 'differ' ? row.differs : isWaiting(row)));
  return [{ kind: 'applied' }, { kind: 'schema' }, ...shown.map((row) => ({ kind: 'version' as const, row }))];
}

export const isWaiting = (row: MatrixRow): boolean => row.cells.some((cell) => cell?.waitsFor && PENDING.includes(cell.state));

export interface CellWords {
  kind: StatusKind;
  icon?: IconName;
  text: string;
  /** Well: it stays grey, so that what differs is found from across the room. */
  quiet: boolean;
}

/** What could be applied, and so can wait. */
const PENDING: string[] = ['down', 'out_of_order'];
const QUIET: string[] = ['up', 'down', 'no_file', 'irreversible', 'opt_in'];

/** Null is a dash: nothing is known. */
export function cellWords(cell: MatrixCell | null, columns: MatrixColumn[]): CellWords | null {
  if (cell === null) return null;
  if (cell.waitsFor !== null && PENDING.includes(cell.state)) {
    const first = columns.find((one) => one.name === cell.waitsFor);
    return { kind: 'attention', icon: 'lock', text: `after ${first ? environmentOf(first.environment).letters : cell.waitsFor}`, quiet: false };
  }
  const words = stateWords(cell);
  if (cell.state === 'up' && cell.drift) return { kind: 'attention', text: `up, ${plural(cell.drift, 'differs', 'differ')}`, quiet: false };
  return { kind: words.kind, icon: words.icon, text: words.word, quiet: QUIET.includes(cell.state) };
}

/** As it was compared in this window, else as it was found last. */
export function driftWords(drift: Resource<Drift> | undefined, column: Pick<MatrixColumn, 'drift'>): CellWords | null {
  if (!drift && column.drift !== null) return column.drift > 0 ? { kind: 'attention', text: plural(column.drift, 'differs', 'differ'), quiet: false } : { kind: 'ok', text: 'same', quiet: true };
  if (!drift) return null;
  if (drift.loading) return { kind: 'running', text: 'comparing', quiet: false };
  if (drift.error) return { kind: 'unknown', text: 'not compared', quiet: false };
  if (!drift.value) return null;
  const { kind, word } = driftSummary(drift.value);
  return { kind, text: word, quiet: kind === 'ok' || kind === 'skipped' };
}

const APPLIED = ['up', 'changed', 'irreversible', 'baselined', 'no_file'];

export function appliedOf({ rows }: Matrix, at: number): { applied: number; of: number } {
  const cells = rows.map((row) => row.cells[at] ?? null).filter((cell) => cell !== null);
  return { applied: cells.filter((cell) => APPLIED.includes(cell.state)).length, of: cells.length };
}
