/**
 * A tab of the workbench: its text, what it runs, its results as they are looked at. It outlives its screen, so that going
 * to another tab and back loses neither the place in a result nor a step that can be undone; a reload starts from the drafts.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '$lib/ipc';
import type { EditorCursor, EditorKept } from '$lib/ui';
import { caller, type Call } from './calls';
import { Draft } from './draft.svelte';
import { Edits } from './edit/edits.svelte';
import type { Asked } from './explain/asked.svelte';
import { Grid } from './grid/grid.svelte';
import { holding, titles } from './registry';
import { Run } from './running/run.svelte';
import type { QueryState } from './wire';

export type PaneId = string;
export const MESSAGES = 'messages';
export const EXPLAIN = 'explain';

/** How long the last run's rows stay when a run begins: an answer that comes sooner takes their place without a flicker. */
const STAYS_MS = 150;

export class Tab {
  readonly call: Call;
  readonly draft: Draft;
  readonly run: Run;
  editor: EditorKept | null = null;
  cursor = $state.raw<EditorCursor>({ offset: 0, from: 0, to: 0, line: 1, column: 1 });
  /** What is shown below the editor: a result, the messages, a plan. */
  pane = $state<PaneId>(MESSAGES);
  /** The plan that was asked for last. */
  asked = $state.raw<Asked | null>(null);
  /** What the results below show: the newest state, but for the first moments of a run that follows another. */
  shown = $state.raw<QueryState | null>(null);
  readonly grids = new SvelteMap<string, Grid>();
  readonly edits = new SvelteMap<string, Edits>();
  /** The newest run reads again what was written: sort and filter stay. */
  again = false;
  /** The grids of the run before. */
  #before: Grid[] = [];
  #seenRun = -1;
  #staying: ReturnType<typeof setTimeout> | null = null;
  /** The run whose first moments are over. */
  #waited = -1;
  #chosen = false;

  constructor(
    readonly client: Client,
    readonly id: string,
    readonly connection: string,
  ) {
    this.call = caller(client);
    this.draft = new Draft(this.call, id, connection, () => titles(client));
    this.run = new Run(client, id, connection);
  }

  get title(): string {
    return this.draft.title;
  }

  /** Keeps up with a newer state: grids of its results, and the pane that is worth a look. */
  take(state: QueryState): void {
    if (this.#stays(state)) return;
    this.shown = state;
    const fresh = state.run !== this.#seenRun;
    if (fresh) {
      // Results of a run that begins come one by one, the first of them after a while: the last run's are what they follow.
      this.#before = [...this.grids.values()];
      this.#seenRun = state.run;
      this.#chosen = false;
    }
    for (const result of state.results) {
      const known = this.grids.get(result.id);
      if (known) known.take(result);
      else this.#open(new Grid(this.call, result, this.#before[state.results.indexOf(result)] ?? null, this.again));
    }
    for (const [id, grid] of this.grids) {
      if (state.results.some((one) => one.id === id)) continue;
      grid.close();
      this.grids.delete(id);
      this.edits.delete(id);
    }
    if (state.phase === 'idle') this.#before = [];
    this.#choose(state);
  }

  /** Whether the last run's rows stay for now, since nothing of this one can be shown. */
  #stays(state: QueryState): boolean {
    if (this.#staying) clearTimeout(this.#staying);
    this.#staying = null;
    const over = state.run === this.#seenRun || state.run === this.#waited || state.results.length > 0 || state.phase === 'idle' || state.phase === 'lost';
    if (over || this.grids.size === 0) return false;
    this.#staying = setTimeout(() => {
      this.#waited = state.run;
      this.take(state);
    }, Math.max(0, STAYS_MS - state.elapsedMs));
    return true;
  }

  /**
   * The first result as soon as there is one; where something failed, what had come of it, else the messages. What a
   * person chose stays.
   */
  #choose(state: QueryState): void {
    const there = this.pane === MESSAGES || this.pane === EXPLAIN || state.results.some((one) => one.id === this.pane);
    if (this.#chosen && there) return;
    const broken = state.statements.find((one) => one.outcome === 'failed');
    const failed = state.phase === 'idle' && (broken !== undefined || state.error !== null);
    this.pane = (failed ? broken?.result : state.results[0]?.id) ?? MESSAGES;
  }

  show(pane: PaneId): void {
    this.pane = pane;
    this.#chosen = true;
  }

  #open(grid: Grid): void {
    this.grids.set(grid.result.id, grid);
    this.edits.set(grid.result.id, new Edits(() => grid.rows, (row) => grid.number(row)));
  }

  /** Where rows may be changed: staged changes of that result. */
  editsOf(grid: Grid): Edits | null {
    const { id, edit, complete } = grid.result;
    return edit.kind === 'editable' && complete ? (this.edits.get(id) ?? null) : null;
  }

  close(): void {
    if (this.#staying) clearTimeout(this.#staying);
    for (const grid of this.grids.values()) grid.close();
    this.grids.clear();
    this.edits.clear();
  }

  get staged(): number {
    return [...this.edits.values()].reduce((sum, one) => sum + one.count, 0);
  }
}

/** The tab of that name, one for the life of the window. */
export const tabOf = (client: Client, id: string, connection: string): Tab => holding(client, id, () => new Tab(client, id, connection));
