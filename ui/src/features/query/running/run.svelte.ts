/** What a tab runs: its state as the backend tells it, and the questions that a run may answer with. */
import { AppError, type Client } from '$lib/ipc';
import { caller, watchTab, type Call } from '../calls';
import type { QueryCondition, QueryConsent, QueryGuardPlan, QueryParameter, QueryRange, QuerySort, QueryState } from '../wire';

export interface Asked {
  plan: QueryGuardPlan;
  again: (consent: QueryConsent) => Promise<void>;
}

/** What the server is asked for beside the rows. */
export interface Arranged {
  sort: QuerySort[];
  filters: QueryCondition[];
}

const AS_IT_COMES: Arranged = { sort: [], filters: [] };

export class Run {
  state = $state.raw<QueryState | null>(null);
  /** When that state came, by this page's clock. */
  at = $state(0);
  /** A run that did not begin: refused, or no connection. */
  refused = $state.raw<AppError | null>(null);
  asked = $state.raw<Asked | null>(null);
  /** Names of parameters whose values are missing. */
  missing = $state.raw<string[]>([]);
  /** By name, kept for the life of the tab; null is NULL. */
  values = $state<Record<string, string | null>>({});
  /** A call is on its way that the state does not tell of yet. */
  starting = $state(false);
  #last: { text: string; range: QueryRange; asked: Arranged } | null = null;
  /** The order and the conditions that the server was asked for. */
  arranged = $state.raw<Arranged>(AS_IT_COMES);
  /** What the last run took, so that positions in it can be told from positions in the text of now. */
  ran = $state.raw<{ text: string; range: QueryRange } | null>(null);
  /** States taken so far. */
  #taken = 0;
  readonly #client: Client;
  readonly #call: Call;
  readonly tab: string;
  readonly connection: string;

  constructor(client: Client, tab: string, connection: string) {
    this.#client = client;
    this.#call = caller(client);
    this.tab = tab;
    this.connection = connection;
  }

  get parameters(): QueryParameter[] {
    return Object.entries(this.values).map(([name, value]) => ({ name, value }));
  }

  get busy(): boolean {
    return this.starting || (this.state !== null && !['idle', 'lost'].includes(this.state.phase));
  }

  /** Follows the state until the returned function is called. */
  watch(): () => void {
    let stop: (() => void) | null = null;
    let gone = false;
    void watchTab(this.#client, this.tab, (state) => this.take(state)).then(
      (close) => (gone ? close() : (stop = close)),
      () => undefined, // A tab that has run nothing has nothing to follow.
    );
    return () => {
      gone = true;
      stop?.();
    };
  }

  take(state: QueryState): void {
    this.#taken += 1;
    this.state = state;
    this.at = performance.now();
  }

  async start(text: string, range: QueryRange, { consent = null, asked = AS_IT_COMES, only = 'query_run' }: { consent?: QueryConsent | null; asked?: Arranged; only?: 'query_run' | 'query_read' } = {}): Promise<void> {
    if (this.busy) return;
    this.#last = { text, range, asked };
    this.starting = true;
    this.refused = null;
    try {
      const { parameters } = this;
      const reply = await this.#call(only, { tab: this.tab, connection: this.connection, text, range, parameters, consent, ...asked });
      this.asked = reply.kind === 'asks' ? { plan: reply.plan, again: (given) => this.#again(text, range, asked, given) } : null;
      this.missing = reply.kind === 'parameters' ? reply.names : [];
      if (reply.kind !== 'started') return;
      this.ran = { text, range };
      this.arranged = asked;
      // Where nobody tells of it: a tab that is not followed, or not yet.
      if (this.state?.run !== reply.run) await this.refresh();
    } catch (thrown) {
      if (consent) throw AppError.from(thrown); // The dialog that asked shows it.
      this.refused = AppError.from(thrown);
    } finally {
      this.starting = false;
    }
  }

  /** With the values that were missing. */
  again(): Promise<void> {
    return this.#last ? this.start(this.#last.text, this.#last.range, { asked: this.#last.asked }) : Promise.resolve();
  }

  async #again(text: string, range: QueryRange, asked: Arranged, consent: QueryConsent): Promise<void> {
    await this.start(text, range, { consent, asked });
    this.asked = null;
  }

  /** The statement of a result once more, if it is proven to read: what was written is not written again. */
  readAgain(statement: { from: number; to: number }): Promise<void> {
    const text = this.ran?.text;
    return text === undefined ? Promise.resolve() : this.start(text, { kind: 'selection', from: statement.from, to: statement.to }, { asked: this.arranged, only: 'query_read' });
  }

  /** Sorted and filtered by the server: the statement of a result once more, inside of one that does it. */
  arrangeOnServer(statement: { from: number; to: number }, asked: Arranged): Promise<void> {
    const text = this.ran?.text;
    return text === undefined ? Promise.resolve() : this.start(text, { kind: 'selection', from: statement.from, to: statement.to }, { asked });
  }

  async refresh(): Promise<void> {
    await this.#ask(() => this.#call('query_state', { tab: this.tab })).catch(() => undefined);
  }

  /** A state that was asked for may be older than one that was told meanwhile: then that one stays. */
  async #ask(ask: () => Promise<QueryState>): Promise<void> {
    const before = this.#taken;
    const state = await ask();
    if (this.#taken === before) this.take(state);
  }

  cancel(): Promise<void> {
    return this.#do(() => this.#call('query_cancel', { tab: this.tab }));
  }

  terminate(): Promise<void> {
    return this.#do(() => this.#call('query_terminate', { tab: this.tab }));
  }

  transaction(action: 'commit' | 'rollback'): Promise<void> {
    return this.#do(() => this.#ask(() => this.#call('query_transaction', { tab: this.tab, action })));
  }

  async #do(act: () => Promise<unknown>): Promise<void> {
    this.refused = null;
    try {
      await act();
    } catch (thrown) {
      this.refused = AppError.from(thrown);
    }
  }
}
