/**
 * One thing that is read from the backend: its value, whether it is being read, and the last error. A later read
 * overtakes an earlier one, and a failed read keeps the old value with its time, so that good rows stay on screen.
 */
import { AppError } from './ipc';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<AppError | null>(null);
  loading = $state(false);
  /** When `value` was read. */
  readAt = $state.raw<Date | null>(null);
  /** How long that read took. */
  tookMs = $state(0);
  #turn = 0;

  /** Reads; the last call wins. Never rejects: look at `error`. */
  async load(read: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    const started = performance.now();
    this.loading = true;
    try {
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.error = null;
      this.readAt = new Date();
      this.tookMs = performance.now() - started;
    } catch (thrown) {
      if (turn === this.#turn) this.error = AppError.from(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  /** Forgets the read under way; what was there stays. */
  abandon(): void {
    this.#turn += 1;
    this.loading = false;
  }

  /** Puts a value that came by another way (a reply to a save, an event). */
  put(value: T): void {
    this.abandon();
    this.value = value;
    this.error = null;
    this.readAt = new Date();
  }

  clear(): void {
    this.abandon();
    this.value = null;
    this.error = null;
    this.readAt = null;
  }
}
