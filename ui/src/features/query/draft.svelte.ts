/**
 * The text of a tab and where it is kept. Every burst of typing goes to the drafts a moment later, and at once when the
 * editor is left; a file is written only when a person saves. Restoring reads text and nothing else.
 */
import { AppError } from '$lib/ipc';
import type { Call } from './calls';
import { fileName, nextTitle } from './names';
import type { QueryDraft } from './wire';

const KEEP_MS = 300;

/** What a new tab begins with. */
export interface First {
  text?: string;
  title?: string;
  /** A saved query, or one of the starter set. */
  file?: string;
}

/** The editor counts line breaks as one letter; so does every offset. */
export const oneBreak = (text: string): string => text.replace(/\r\n?/g, '\n');

export class Draft {
  text = $state('');
  title = $state('');
  /** The saved file that it is; null while it is none. */
  file = $state<string | null>(null);
  /** What that file holds, as far as we know. */
  saved = $state<string | null>(null);
  savedAt = $state.raw<Date | null>(null);
  /** Read from the drafts: until then nothing can be typed. */
  ready = $state(false);
  /** What the file says its parameters usually are. */
  parameters = $state.raw<{ name: string; value: string | null }[]>([]);
  /** Why the text could not be kept; null while it is. */
  unkept = $state.raw<AppError | null>(null);
  cursor = 0;
  readonly #call: Call;
  /** What is said of the text once: found damaged, or changed by another window meanwhile. */
  notice = $state<string | null>(null);
  #tab: string;
  readonly #connection: string;
  readonly #taken: () => string[];
  #revision = 0;
  #turn = 0;
  #stamp: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #begun: Promise<void> | null = null;

  /** `taken` are titles of tabs that may not be kept yet. */
  constructor(call: Call, tab: string, connection: string, taken: () => string[] = () => []) {
    this.#call = call;
    this.#taken = taken;
    this.#tab = tab;
    this.#connection = connection;
  }

  get name(): string {
    return this.file ? fileName(this.file) : this.title;
  }

  /** Text that stands in no file; an empty tab has nothing to lose. */
  get dirty(): boolean {
    return this.file ? this.saved !== null && this.text !== this.saved : this.text.trim() !== '';
  }

  /** Finds the text of last time, once; `first` is for a tab that has none. */
  begin(first: First = {}): Promise<void> {
    return (this.#begun ??= this.#restore(first));
  }

  async #restore(first: First): Promise<void> {
    const drafts = await this.#call('query_draft_list', {}).catch((thrown: unknown) => {
      this.unkept = AppError.from(thrown);
      return [];
    });
    const own = drafts.find((one) => one.tab === this.#tab);
    this.title = own?.title ?? (first.title || nextTitle([...drafts.map((one) => one.title), ...this.#taken()]));
    this.text = oneBreak(own?.text ?? first.text ?? '');
    this.cursor = own?.cursor ?? 0;
    this.file = own?.file ?? null;
    this.#revision = own?.revision ?? 0;
    this.notice = own?.notice ?? null;
    if (!own && first.file) await this.open(first.file).catch((thrown: unknown) => (this.notice = AppError.from(thrown).message));
    else if (this.file) await this.#readFile(this.file);
    else if (!own && first.text) this.#later();
    this.ready = true;
  }

  /** What it was saved as may have changed beside us, or be gone: the draft stays what it is. */
  async #readFile(path: string): Promise<void> {
    const read = await this.#read(path).catch(() => null);
    this.saved = read ? oneBreak(read.text) : '';
    this.#stamp = read?.stamp ?? null;
  }

  #read = (path: string) => this.#call('query_file_read', { path, connection: this.#connection });

  typed(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.#later();
  }

  #later(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), KEEP_MS);
  }

  /** Keeps it now, when there is something new; one after the other, so that an older text never wins. */
  keep(always = false): Promise<void> {
    const due = this.#timer !== null || always;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (!due) return Promise.resolve();
    const turn = (this.#turn += 1);
    const write = this.#writing.then(() => this.#write(turn));
    this.#writing = write;
    return write;
  }

  async #write(turn: number): Promise<void> {
    if (turn < this.#turn) return; // A newer one waits behind it.
    const draft: QueryDraft = { tab: this.#tab, connection: this.#connection, title: this.title, text: this.text, cursor: this.cursor, file: this.file, revision: this.#revision };
    try {
      const saved = await this.#call('query_draft_save', { draft });
      this.#revision = saved.revision;
      if (saved.forked) this.notice = 'Another window has changed this tab meanwhile. Both texts are kept; this one goes on as a draft of its own.';
      this.#tab = saved.tab;
      this.unkept = null;
    } catch (thrown) {
      this.unkept = AppError.from(thrown);
    }
  }

  /** `anew`: the file must not be there yet. A file that changed meanwhile is a conflict, and nothing is written. */
  async save(path: string, anew = false): Promise<void> {
    const text = this.text;
    const { stamp } = await this.#call('query_file_save', { path, connection: this.#connection, text, stamp: anew ? null : this.#stamp });
    this.#stamp = stamp;
    this.file = path;
    this.saved = text;
    this.savedAt = new Date();
    await this.keep(true);
  }

  /** The file as it is now is what is overwritten: a person has said so. */
  async overwrite(path: string): Promise<void> {
    this.#stamp = (await this.#read(path)).stamp;
    await this.save(path);
  }

  /** Looks whether the file was changed beside us: what nobody touched here follows it, else saving will ask. */
  async follow(): Promise<void> {
    const [path, stamp] = [this.file, this.#stamp];
    if (!path || !stamp) return;
    const changed = await this.#call('query_file_changed', { connection: this.#connection, files: [{ path, stamp }] }).catch((): string[] => []);
    if (!changed.includes(path)) return;
    if (!this.dirty) await this.open(path).catch(() => undefined);
    else this.notice = `${path} was changed by another program meanwhile. Your text is kept; saving asks first.`;
  }

  /** Becomes what a file holds; of a query that comes with the app only the text. */
  async open(path: string): Promise<void> {
    const { text, stamp, file } = await this.#read(path);
    this.text = oneBreak(text);
    this.parameters = file.parameters;
    if (file.starter) this.title = file.title;
    else [this.file, this.saved, this.#stamp, this.savedAt] = [path, this.text, stamp, null];
    await this.keep(true);
  }

  /** Nothing was typed, nothing is kept. */
  async forget(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#writing;
    await this.#call('query_draft_remove', { tab: this.#tab }).catch(() => undefined);
  }
}
