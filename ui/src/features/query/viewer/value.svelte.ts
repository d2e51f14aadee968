/** One cell whole, by parts: what is small is here already, what is large comes as far as somebody wants to see it. */
import { AppError } from '$lib/ipc';
import type { Call } from '../calls';
import type { QueryCell, QueryColumn } from '../wire';

/** Bytes asked for at once. */
const PART = 256 * 1024;
/** Fetched without being asked: a tree of more is of no use. */
const BY_ITSELF = 2 * 1024 * 1024;

export interface ValueOf {
  result: string;
  view: string | null;
  row: number;
  column: number;
}

export class Value {
  text = $state('');
  bytes = $state(0);
  isNull = $state(false);
  /** Where the rest begins; null when all of it is here. */
  next = $state<number | null>(null);
  loading = $state(false);
  error = $state.raw<AppError | null>(null);
  readonly #call: Call;
  #turn = 0;

  constructor(
    call: Call,
    readonly of: ValueOf,
    readonly column: QueryColumn,
    cell: QueryCell | null,
  ) {
    this.#call = call;
    this.isNull = cell === null;
    this.text = cell?.text ?? '';
    this.bytes = cell?.bytes ?? 0;
    if (cell?.cut) void this.#begin();
  }

  get whole(): boolean {
    return this.next === null && !this.loading && this.error === null;
  }

  async #begin(): Promise<void> {
    this.next = 0;
    await this.more(Math.min(this.bytes, BY_ITSELF));
  }

  /** Fetches until `upTo` bytes are here, or one part more. */
  async more(upTo = 0): Promise<void> {
    const turn = (this.#turn += 1);
    this.loading = true;
    this.error = null;
    try {
      do await this.#part(turn);
      while (this.next !== null && this.next < upTo && turn === this.#turn);
    } catch (thrown) {
      if (turn === this.#turn) this.error = AppError.from(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  async #part(turn: number): Promise<void> {
    const offset = this.next ?? 0;
    const part = await this.#call('query_cell', { ...this.of, offset, limit: PART });
    if (turn !== this.#turn) return;
    this.text = offset === 0 ? (part.text ?? '') : this.text + (part.text ?? '');
    this.bytes = part.bytes;
    this.next = part.next;
  }

  close(): void {
    this.#turn += 1;
  }
}
