/**
 * Windows of a result's rows, kept while they are near. What is asked for is what is on screen and its neighbours; while a
 * person drags the bar only the last place is asked for. Rows never change in the store: a page that was short when it
 * came is read again once there are more.
 */
import { AppError } from '$lib/ipc';
import type { QueryCell, QueryRows } from '../wire';

export type Row = (QueryCell | null)[];
export type Read = (first: number, count: number) => Promise<QueryRows>;

export const PAGE = 200;
/** About 60 × 200 rows: some megabytes of short cells. */
const KEPT = 60;
const UNDER_WAY = 2;
/** Rows that are read at first, alone: what is seen is painted before more is asked for. */
const AT_FIRST = 60;
/** Two frames. */
const PAINTED_MS = 32;

interface Page {
  rows: Row[];
  /** Of a view: what each row is in the result itself. */
  numbers: number[] | null;
}

export class Pages {
  /** Goes up whenever rows have come: what draws rows reads it. */
  version = $state(0);
  error = $state.raw<AppError | null>(null);
  readonly #read: Read;
  readonly #onrows: () => void;
  readonly #pages = new Map<number, Page>();
  readonly #asked = new Set<number>();
  #wanted: number[] = [];
  #total = 0;
  /** What is on screen now, and whether the very first rows are on their way to it. */
  #seen = { first: 0, end: 0 };
  #opening = false;
  #closed = false;

  constructor(read: Read, onrows: () => void = () => undefined) {
    this.#read = read;
    this.#onrows = onrows;
  }

  /** The row, or undefined until it is here. */
  row(at: number): Row | undefined {
    void this.version;
    const page = Math.floor(at / PAGE);
    return this.#pages.get(page)?.rows[at - page * PAGE];
  }

  /** The row's number in the result itself, or undefined until it is here. */
  number(at: number): number | undefined {
    void this.version;
    const page = Math.floor(at / PAGE);
    const numbers = this.#pages.get(page)?.numbers;
    return numbers === null ? at : numbers?.[at - page * PAGE];
  }

  /** Rows from `first` to before `end` are on screen, of `total`. */
  want(first: number, end: number, total: number): void {
    [this.#total, this.#seen] = [total, { first, end }];
    if (total === 0 || end <= first) return;
    if (end <= AT_FIRST && (this.#opening || (this.#pages.size === 0 && this.#asked.size === 0))) return void this.#open();
    const [from, to] = [Math.floor(first / PAGE), Math.floor((end - 1) / PAGE)];
    const on = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const around = [to + 1, from - 1].filter((page) => page >= 0 && page * PAGE < total);
    this.#wanted = [...on, ...around].filter((page) => this.#missing(page));
    for (const page of on) this.#touch(page);
    this.#pump();
  }

  /** Tries again what could not be read. */
  retry(): void {
    this.error = null;
    this.#again();
  }

  /** What comes now is of no use any more. */
  close(): void {
    this.#closed = true;
    this.#wanted = [];
  }

  #missing(page: number): boolean {
    const there = Math.min(PAGE, this.#total - page * PAGE);
    return (this.#pages.get(page)?.rows.length ?? 0) < there;
  }

  /** The very first rows; what is around them once they are painted. */
  async #open(): Promise<void> {
    if (this.#opening || this.error) return;
    this.#opening = true;
    await this.#fetch(0, AT_FIRST);
    if (!this.error) await new Promise((done) => setTimeout(done, PAINTED_MS));
    this.#opening = false;
    this.#again();
  }

  #again(): void {
    if (!this.#closed && !this.error) this.want(this.#seen.first, this.#seen.end, this.#total);
  }

  #pump(): void {
    if (this.error) return;
    while (this.#asked.size < UNDER_WAY) {
      const next = this.#wanted.find((page) => !this.#asked.has(page));
      if (next === undefined) return;
      this.#wanted = this.#wanted.filter((page) => page !== next);
      void this.#fetch(next);
    }
  }

  async #fetch(page: number, most = PAGE): Promise<void> {
    this.#asked.add(page);
    try {
      const { rows, numbers } = await this.#read(page * PAGE, most);
      if (this.#closed) return;
      this.#pages.delete(page);
      this.#pages.set(page, { rows, numbers });
      this.#forget();
      this.version += 1;
      this.#onrows();
    } catch (thrown) {
      if (!this.#closed) this.error = AppError.from(thrown);
    } finally {
      this.#asked.delete(page);
      this.#pump();
    }
  }

  /** What is on screen is the last to be forgotten. */
  #touch(page: number): void {
    const kept = this.#pages.get(page);
    if (!kept) return;
    this.#pages.delete(page);
    this.#pages.set(page, kept);
  }

  #forget(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) return;
      this.#pages.delete(page);
    }
  }
}
