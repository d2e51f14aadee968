/**
 * The text of a tab and where it is kept. Every burst of typing goes to the drafts a moment later, and at once when the
 * editor is left; a file is written only when a person saves. Restoring reads text and nothing else.
 */
import { AppError } from '$lib/ipc';
import type { Call } from './calls';
import { fileName, nextTitle } from './names';
import type { QueryDraft } from './wire';

const KEEP_MS = 300;

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
  /** Why the text could not be kept; null while it is. */
  unkept = $state.raw<AppError | null>(null);
  cursor = 0;
  readonly #call: Call;
  readonly #tab: string;
  readonly #connection: string;
  #revision = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #begun: Promise<void> | null = null;

  constructor(call: Call, tab: string, connection: string) {
    this.#call = call;
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
  begin(first = ''): Promise<void> {
    return (this.#begun ??= this.#restore(first));
  }

  async #restore(first: string): Promise<void> {
    const drafts = await this.#call('query_draft_list', {}).catch((thrown: unknown) => {
      this.unkept = AppError.from(thrown);
      return [];
    });
    const own = drafts.find((one) => one.tab === this.#tab);
    this.title = own?.title ?? nextTitle(drafts.map((one) => one.title));
    this.text = oneBreak(own?.text ?? first);
    this.cursor = own?.cursor ?? 0;
    this.file = own?.file ?? null;
    this.#revision = own?.revision ?? 0;
    this.ready = true;
    if (this.file) await this.#readFile(this.file);
  }

  /** What it was saved as may have changed beside us, or be gone: the draft stays what it is. */
  async #readFile(path: string): Promise<void> {
    const read = await this.#call('query_file_read', { path }).catch(() => null);
    this.saved = read ? oneBreak(read.text) : '';
  }

  typed(text: string): void {
    if (text === this.text) return;
    this.text = text;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), KEEP_MS);
  }

  /** Keeps it now, when there is something new; one after the other, so that an older text never wins. */
  keep(always = false): Promise<void> {
    const due = this.#timer !== null || always;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (!due || !this.ready) return Promise.resolve();
    this.#revision += 1;
    const draft: QueryDraft = { tab: this.#tab, connection: this.#connection, title: this.title, text: this.text, cursor: this.cursor, file: this.file, revision: this.#revision };
    const write = this.#writing.then(() => this.#write(draft));
    this.#writing = write;
    return write;
  }

  async #write(draft: QueryDraft): Promise<void> {
    if (draft.revision < this.#revision) return; // A newer one waits behind it.
    try {
      await this.#call('query_draft_save', { draft });
      this.unkept = null;
    } catch (thrown) {
      this.unkept = AppError.from(thrown);
    }
  }

  async save(path: string): Promise<void> {
    const text = this.text;
    await this.#call('query_file_save', { path, text });
    this.file = path;
    this.saved = text;
    this.savedAt = new Date();
    await this.keep(true);
  }

  /** Becomes what a file holds. */
  async open(path: string): Promise<void> {
    const { text } = await this.#call('query_file_read', { path });
    this.file = path;
    this.text = this.saved = oneBreak(text);
    this.savedAt = null;
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
