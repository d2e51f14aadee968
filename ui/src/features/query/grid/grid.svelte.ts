/** One result as it is looked at: where it is scrolled, what is selected, how its columns lie, how it is sorted. */
import { AppError } from '$lib/ipc';
import type { Call } from '../calls';
import type { QueryCell, QueryCopyFormat, QueryFilter, QueryResult, QuerySort, QueryView } from '../wire';
import { arrange, bare, widthFor, type Layout, type ShownColumn } from './columns';
import { PAGE, Pages, type Row } from './pages.svelte';
import { columnsOf, NONE, rowsOf, type Place, type Selection } from './selection';
import { clampTop, ROW, showing, type Extent } from './scroll';

/** So many first rows say how wide a column begins. */
const MEASURED = 60;

/** Rows that may be on screen at first. */
const FIRST = 40;

/** Rows of a window at most. */
const ASKED = 1000;

export class Grid {
  result = $state.raw<QueryResult>() as QueryResult;
  layout = $state.raw<Layout>() as Layout;
  selection = $state.raw<Selection>(NONE);
  /** Pixels of rows above what can be seen. */
  top = $state(0);
  left = $state(0);
  view = $state.raw<QueryView | null>(null);
  sort = $state.raw<QuerySort[]>([]);
  filters = $state.raw<QueryFilter[]>([]);
  /** A sort or a filter is on its way. */
  arranging = $state(false);
  /** The newest of them; an older one has nothing to say any more. */
  #turn = 0;
  /** How it was sorted and filtered before it was read again: done once all rows are here. */
  #again: { sort: QuerySort[]; filters: QueryFilter[] } | null = null;
  problem = $state.raw<AppError | null>(null);
  /** The order that could not be had here. */
  refused = $state.raw<QuerySort[]>([]);
  pages = $state.raw<Pages>() as Pages;
  /** Widths by the first rows; none before they are here. */
  #auto = $state.raw<number[] | null>(null);
  readonly #call: Call;

  /** `before` is what stood in its place: how columns lie stays, and `again` says whether sort and filter do. */
  constructor(call: Call, result: QueryResult, before: Grid | null = null, again = false) {
    this.#call = call;
    this.result = result;
    const same = before !== null && alike(before.result, result);
    this.layout = same ? before.layout : bare(result.columns.length);
    if (same) {
      this.#auto = before.#auto;
      this.left = before.left;
      if (again && before.view) this.#again = { sort: before.sort, filters: before.filters };
    }
    this.pages = this.#open();
    this.#arrangeAgain();
    // Asked for before there is anything to show them in: they come while that is drawn.
    this.want(0, Math.min(this.rows, FIRST));
  }

  /** Rows that there are now: of the view, else of the store. */
  get rows(): number {
    return this.view ? this.view.rows : this.result.rows;
  }

  readonly columns: ShownColumn[] = $derived.by(() => arrange(this.result.columns, this.layout, this.#auto ?? this.result.columns.map((one) => widthFor(one, []))));
  readonly width: number = $derived(this.columns.reduce((sum, one) => sum + one.width, 0));

  /** Newer figures of the same result. */
  take(result: QueryResult): void {
    this.result = result;
    this.#arrangeAgain();
  }

  #arrangeAgain(): void {
    const again = this.#again;
    if (!again || !this.result.complete) return;
    this.#again = null;
    void this.arrange(again.sort, again.filters);
  }

  /** What a row on screen is in the result itself: edits name it so. */
  number(index: number): number | undefined {
    return this.view ? this.pages.number(index) : index;
  }

  /** The same of many rows; of a view, those that are not here are asked for. */
  async numbers(first: number, last: number): Promise<number[]> {
    const known = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => this.number(first + at));
    if (known.every((number) => number !== undefined)) return known;
    const asked: number[] = [];
    for (let at = first; at <= last; at += ASKED) {
      const { numbers } = await this.#call('query_rows', { result: this.result.id, view: this.view?.id ?? null, first: at, count: Math.min(ASKED, last - at + 1) });
      asked.push(...(numbers ?? []));
    }
    return asked;
  }

  row(index: number): Row | undefined {
    return this.pages.row(index);
  }

  cell(place: Place): QueryCell | null | undefined {
    const column = this.columns[place.column];
    return column === undefined ? undefined : this.row(place.row)?.[column.index];
  }

  want(first: number, end: number): void {
    this.pages.want(first, end, this.rows);
  }

  /** Once, by the first rows: columns that change their width under the pointer are worse than narrow ones. */
  #measure(): void {
    if (this.#auto !== null || !this.row(0)) return;
    const rows = Array.from({ length: Math.min(MEASURED, this.rows, PAGE) }, (_, index) => this.row(index)).filter((row) => row !== undefined);
    this.#auto = this.result.columns.map((column, index) => widthFor(column, rows.map((row) => seenText(row[index]))));
  }

  /** Of one column, by what is known of the rows around. */
  fit(index: number): number {
    const first = Math.max(0, Math.floor(this.top / ROW) - PAGE);
    const texts = Array.from({ length: PAGE * 2 }, (_, step) => this.row(first + step)?.[index]).map(seenText);
    const column = this.result.columns[index];
    return column ? widthFor(column, texts) : 120;
  }

  select(selection: Selection): void {
    this.selection = selection;
  }

  /** Scrolls as little as it takes for a row to be seen whole. */
  show(row: number, extent: Extent): void {
    this.top = showing(row, this.top, extent);
  }

  scrollTo(top: number, extent: Extent): void {
    this.top = clampTop(top, extent);
  }

  /** Sorts and filters over the whole store; nothing to sort by is the order it came in. What is asked for last counts. */
  async arrange(sort: QuerySort[], filters: QueryFilter[]): Promise<void> {
    const turn = (this.#turn += 1);
    this.arranging = true;
    [this.problem, this.refused] = [null, []];
    try {
      const view = sort.length + filters.length > 0 ? await this.#call('query_view', { result: this.result.id, sort, filters }) : null;
      if (turn === this.#turn) this.#lay(view, sort, filters);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem = AppError.from(thrown);
      this.refused = filters.length === 0 ? sort : [];
    } finally {
      if (turn === this.#turn) this.arranging = false;
    }
  }

  #lay(view: QueryView | null, sort: QuerySort[], filters: QueryFilter[]): void {
    [this.view, this.sort, this.filters] = [view, sort, filters];
    this.pages.close();
    this.pages = this.#open();
    [this.top, this.selection] = [0, NONE];
  }

  /** Leaves what is on its way; the rows stay as they are. The backend ends it when something newer is asked. */
  async stopArranging(): Promise<void> {
    this.#turn += 1;
    this.arranging = false;
    await this.#call('query_view', { result: this.result.id, sort: [], filters: [] }).catch(() => undefined);
  }

  /** The selection as text, made in the backend: it may reach over rows that are not here. */
  async copy(format: QueryCopyFormat): Promise<string> {
    const rows = rowsOf(this.selection, this.rows);
    const range = columnsOf(this.selection, this.columns.length);
    const columns = this.columns.slice(range.first, range.last + 1).map((one) => one.index);
    const { text } = await this.#call('query_copy', { result: this.result.id, view: this.view?.id ?? null, first: rows.first, count: rows.last - rows.first + 1, columns, format });
    return text;
  }

  /** The next cell that holds the text, from the active one on and round; in places of the screen. */
  async find(text: string, backwards: boolean): Promise<Place | null> {
    const { active } = this.selection;
    const from = { row: active.row, column: this.columns[active.column]?.index ?? 0 };
    const found = await this.#call('query_find', { result: this.result.id, view: this.view?.id ?? null, text, from, backwards });
    if (!found) return null;
    const column = this.columns.findIndex((one) => one.index === found.column);
    return { row: found.row, column: Math.max(0, column) };
  }

  close(): void {
    this.pages.close();
  }

  #open(): Pages {
    const [result, view] = [this.result.id, this.view?.id ?? null];
    return new Pages((first, count) => this.#call('query_rows', { result, view, first, count }), () => this.#measure());
  }
}

/** The same columns: how they lie is kept from one run to the next. */
const alike = (a: QueryResult, b: QueryResult): boolean =>
  a.columns.length === b.columns.length && a.columns.every((one, index) => one.name === b.columns[index]?.name && one.typeName === b.columns[index]?.typeName);

/** One line of it, as long as a cell can show; a cut one has its size behind. */
export const lineOf = (text: string): string => text.slice(0, 240).replace(/[\r\n\t]+/g, ' ');

const seenText = (cell: QueryCell | null | undefined): string => (cell ? lineOf(cell.text) + (cell.cut ? ' 999 MB' : '') : '');
