/** The tests of one connection since its screen was opened, newest first. */
import { AppError, type Client, type ConnectionTest, type ErrorReport } from '$lib/ipc';
import type { Draft } from './draft.svelte';

export interface TestRun {
  at: Date;
  found: ConnectionTest | null;
  error: ErrorReport | AppError | null;
}

const KEPT = 4;

export class Tests {
  all = $state.raw<TestRun[]>([]);
  running = $state(false);
  readonly #client: Client;
  #turn = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  get last(): TestRun | null {
    return this.all[0] ?? null;
  }

  get before(): TestRun[] {
    return this.all.slice(1);
  }

  /** True when it worked. What is wrong is in the run, never thrown. */
  async run(draft: Draft): Promise<boolean> {
    const turn = ++this.#turn;
    this.running = true;
    const run = await this.#ask(draft);
    if (turn !== this.#turn) return false;
    this.running = false;
    this.all = [run, ...this.all].slice(0, KEPT);
    return run.error === null;
  }

  async #ask(draft: Draft): Promise<TestRun> {
    try {
      const found = await this.#client.call('connection_test', draft.arguments());
      return { at: new Date(), found, error: found.error };
    } catch (thrown) {
      return { at: new Date(), found: null, error: AppError.from(thrown) };
    }
  }
}
