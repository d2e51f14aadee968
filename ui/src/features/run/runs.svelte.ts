/** A page of runs and the counts beside it. The filter lives in the link; this reads what it asks for. */
import type { Client, Facet, Outcome, RunFacets, RunPage } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';
import { NO_FILTER, toQuery, VIEWS, type RunFilter, type ViewId } from './filter';

export class RunsState {
  readonly page = new Resource<RunPage>();
  readonly facets = new Resource<RunFacets>();
  /** How many runs the last seven days hold; null until counted, or when counting took too long. */
  readonly thisWeek = new Resource<number | null>();
  selected = $state<string | null>(null);
  readonly #client: Client;
  readonly #connection: string;
  readonly #now: () => Date;

  constructor(client: Client, connection: string, now: () => Date = () => new Date()) {
    this.#client = client;
    this.#connection = connection;
    this.#now = now;
  }

  read(filter: RunFilter): Promise<void> {
    const query = toQuery(filter, this.#now());
    return this.page.load(() => this.#client.call('run_list', { connection: this.#connection, query }));
  }

  /** The counts of the whole population: they don't follow the filter, so they are read once. */
  async readCounts(): Promise<void> {
    const connection = this.#connection;
    await Promise.all([
      this.facets.load(() => this.#client.call('run_facets', { connection, stuckMinutes: null })),
      this.thisWeek.load(() => this.#countWeek()),
    ]);
  }

  /** All runs there are, by the outcomes' counts; null when they were not counted. */
  get all(): number | null {
    return sum(this.facets.value?.outcome ?? null, null);
  }

  countOf(view: ViewId): number | null {
    if (view === 'week') return this.thisWeek.value;
    const outcomes = VIEWS.find((one) => one.id === view)?.outcomes ?? [];
    return sum(this.facets.value?.outcome ?? null, outcomes.length > 0 ? outcomes : null);
  }

  /** Moves the selection by so many rows; returns the id it comes to. */
  step(by: number): string | null {
    const ids = this.page.value?.runs.map((run) => run.id) ?? [];
    const at = this.selected === null ? -1 : ids.indexOf(this.selected);
    const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.max(0, Math.min(ids.length - 1, at + by));
    this.selected = ids[next] ?? null;
    return this.selected;
  }

  async #countWeek(): Promise<number | null> {
    const query = { ...toQuery({ ...NO_FILTER, view: 'week' }, this.#now()), limit: 1 };
    const page = await this.#client.call('run_list', { connection: this.#connection, query });
    return page.total.count;
  }
}

function sum(facet: Facet | null, outcomes: Outcome[] | null): number | null {
  if (!facet || facet.notCounted) return null;
  const wanted = facet.values.filter(({ value }) => outcomes === null || outcomes.includes(value as Outcome));
  return wanted.reduce((total, { count }) => total + count, 0);
}
