/** One run: its detail, the runs before and after it in the list it was opened from, and its results. */
import type { Client, ResultPage, ResultQuery, ResultRow, RunDetail, RunQuery } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';
import { NO_FILTER, toQuery, type RunFilter } from '../filter';

/** One more than is looked for, and room for runs of the very same moment. */
const NEAR = 20;

export class RunState {
  readonly detail = new Resource<RunDetail>();
  readonly neighbours = new Resource<{ newer: string | null; older: string | null }>();
  readonly results: ResultsState;
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
    this.results = new ResultsState(client, connection);
  }

  async read(id: string, filter: RunFilter = NO_FILTER): Promise<void> {
    if (this.detail.value?.row.id !== id) this.#forget();
    await this.detail.load(() => this.#client.call('run_show', { connection: this.#connection, id, stuckMinutes: null }));
    const run = this.detail.value;
    if (!run || run.row.id !== id || this.detail.error) return;
    this.results.take(id, run.results);
    await this.neighbours.load(() => this.#near(run, filter));
  }

  #forget(): void {
    this.detail.clear();
    this.neighbours.clear();
    this.results.clear();
  }

  /** Keyset cursors are opaque, so the neighbours are found by the run's own moment. */
  async #near({ row }: RunDetail, filter: RunFilter) {
    const base: RunQuery = { ...toQuery(filter, new Date()), sort: 'created', cursor: null, limit: NEAR, withoutTotal: true };
    const list = (query: RunQuery) => this.#client.call('run_list', { connection: this.#connection, query });
    const [up, down] = await Promise.all([
      list({ ...base, ascending: true, createdSince: row.createdAt }),
      list({ ...base, ascending: false, createdBefore: row.createdAt }),
    ]);
    const rest = up.runs.filter((one) => one.id !== row.id);
    const later = rest.find((one) => one.createdAt > row.createdAt || Number(one.id) > Number(row.id));
    const twin = rest.findLast((one) => one.createdAt === row.createdAt && Number(one.id) < Number(row.id));
    return { newer: later?.id ?? null, older: twin?.id ?? down.runs[0]?.id ?? null };
  }
}

export interface ResultFilter {
  configuration: string | null;
  failed: boolean;
}

/** A run may have many results: what is shown is a page, and a filter of an incomplete page asks the backend. */
export class ResultsState {
  readonly page = new Resource<ResultPage>();
  filter = $state.raw<ResultFilter>({ configuration: null, failed: false });
  #run: string | null = null;
  #first: ResultPage = { results: [], next: null };
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
  }

  get rows(): ResultRow[] {
    return this.page.value?.results ?? [];
  }

  get next(): string | null {
    return this.page.value?.next ?? null;
  }

  clear(): void {
    this.#run = null;
    this.#first = { results: [], next: null };
    this.page.clear();
  }

  /** The first page, which comes with the run. */
  take(run: string, page: ResultPage): void {
    this.#run = run;
    this.#first = page;
    void this.show(this.filter);
  }

  async show(filter: ResultFilter): Promise<void> {
    this.filter = filter;
    if (this.#run === null) return;
    const everything = !filter.failed && filter.configuration === null;
    if (everything) this.page.put(this.#first);
    else if (this.#first.next === null) this.page.put({ results: this.#first.results.filter((one) => keeps(filter, one)), next: null });
    else await this.page.load(() => this.#ask(filter, null));
  }

  async readMore(): Promise<void> {
    const { next } = this;
    if (next === null) return;
    const before = this.rows;
    const { filter } = this;
    await this.page.load(async () => {
      const more = await this.#ask(filter, next);
      return { results: [...before, ...more.results], next: more.next };
    });
    if (!filter.failed && filter.configuration === null && this.page.value) this.#first = this.page.value;
  }

  #ask(filter: ResultFilter, after: string | null): Promise<ResultPage> {
    const query: ResultQuery = {
      run: this.#run ?? '', configuration: filter.configuration, statuses: filter.failed ? ['failed'] : [], after, limit: null,
    };
    return this.#client.call('result_list', { connection: this.#connection, query });
  }
}

const keeps = (filter: ResultFilter, one: ResultRow): boolean =>
  (filter.configuration === null || one.configurationId === filter.configuration) && (!filter.failed || one.status === 'failed');
