/** Saved queries, starter queries, drafts and the history: what can be opened. Opening never runs anything. */
import { Resource } from '$lib/resource.svelte';
import type { Call } from '../calls';
import { opening } from '../running/words';
import type { QueryDraft, QueryFile, QueryHistoryEntry } from '../wire';

/** What a tab is opened with. */
export type Opened = { kind: 'tab'; tab: string } | { kind: 'file'; path: string } | { kind: 'text'; text: string; title: string };

export interface Item {
  key: string;
  title: string;
  /** Behind it: when, how it went. */
  end: string;
  /** Second line. */
  about: string;
  starter: boolean;
  problem: string | null;
  /** The text, where it is known without another read. */
  text: string | null;
  opens: Opened;
}

const HISTORY = 100;

export class Saved {
  readonly files = new Resource<QueryFile[]>();
  readonly drafts = new Resource<QueryDraft[]>();
  readonly history = new Resource<QueryHistoryEntry[]>();
  readonly preview = new Resource<string>();
  /** There may be older ones. */
  more = $state(false);
  readonly #call: Call;
  readonly #connection: string;

  constructor(call: Call, connection: string) {
    this.#call = call;
    this.#connection = connection;
  }

  readFiles = (): Promise<void> => this.files.load(() => this.#call('query_file_list', { connection: this.#connection }));
  readDrafts = (): Promise<void> => this.drafts.load(() => this.#call('query_draft_list', {}));

  readHistory(search: string, all: boolean): Promise<void> {
    return this.history.load(async () => {
      const found = await this.#page(search, all, null);
      this.more = found.length === HISTORY;
      return found;
    });
  }

  async older(search: string, all: boolean): Promise<void> {
    const known = this.history.value ?? [];
    await this.history.load(async () => {
      const found = await this.#page(search, all, known.at(-1)?.id ?? null);
      this.more = found.length === HISTORY;
      return [...known, ...found];
    });
  }

  #page = (search: string, all: boolean, before: string | null) =>
    this.#call('query_history_list', { connection: all ? null : this.#connection, search: search.trim() || null, before, count: HISTORY });

  async forget(id: string): Promise<void> {
    await this.#call('query_history_remove', { kind: 'entry', id });
    this.history.put((this.history.value ?? []).filter((one) => one.id !== id));
  }

  show(item: Item): Promise<void> {
    const { text } = item;
    return this.preview.load(async () => text ?? (item.opens.kind === 'file' ? (await this.#call('query_file_read', { path: item.opens.path, connection: this.#connection })).text : ''));
  }
}

const has = (item: Item, words: string[]): boolean => words.every((word) => `${item.title} ${item.about}`.toLowerCase().includes(word));
export const wordsOf = (search: string): string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

/** A person's own first, then those that come with it. */
export function fileItems(files: QueryFile[], drafts: QueryDraft[], connection: string, search: string): Item[] {
  const openIn = (path: string) => drafts.find((one) => one.file === path && one.connection === connection);
  const items = files.map((file): Item => {
    const there = openIn(file.path);
    const folder = file.path.replace(/^starter:/, '').split('/').slice(0, -1).join('/');
    return {
      key: file.path, title: file.title, end: there ? 'open' : '', about: file.problem ?? ([folder, file.answers].filter(Boolean).join(': ') || file.path), starter: file.starter, problem: file.problem, text: there?.text ?? null,
      opens: there ? { kind: 'tab', tab: there.tab } : { kind: 'file', path: file.path },
    };
  });
  const found = items.filter((item) => has(item, wordsOf(search)));
  return [...found.filter((one) => !one.starter), ...found.filter((one) => one.starter)];
}

export const draftItems = (drafts: QueryDraft[], connection: string, own: string, search: string): Item[] =>
  drafts
    .filter((one) => one.connection === connection && one.tab !== own && one.text.trim() !== '')
    .map((one): Item => ({ key: one.tab, title: one.title, end: '', about: opening(one.text, 80), starter: false, problem: one.notice ?? null, text: one.text, opens: { kind: 'tab', tab: one.tab } }))
    .filter((item) => has(item, wordsOf(search)));
