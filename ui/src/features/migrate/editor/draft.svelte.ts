/**
 * A migration while it is written. Nothing typed is lost: each change is kept in the preferences a moment later, until it
 * is saved into the folder or thrown away.
 */
import type { Client, Preferences } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';
import type { EditorKept } from '$lib/ui';
import { caller, type Call } from '../calls';
import { rewritten } from '../lint';
import type { Finding, Source } from '../wire';

export type Part = 'up' | 'down' | 'verify';
export const PARTS: Part[] = ['up', 'down', 'verify'];

interface Kept {
  /** Its files are there already. */
  version: string | null;
  name: string;
  texts: Record<Part, string>;
  at: string;
}

/** What a draft begins with. */
export interface First {
  version?: string;
  name: string;
  texts: Record<Part, string>;
}

const KEEP_MS = 400;
const LINT_MS = 350;

export class MigrationDraft {
  name = $state('');
  texts = $state<Record<Part, string>>({ up: '', down: '', verify: '' });
  /** The version whose files it writes; null before it is saved for the first time. */
  version = $state<string | null>(null);
  /** Begun earlier and found again. */
  found = $state<string | null>(null);
  readonly lint: Record<Part, Resource<Finding[]>> = { up: new Resource(), down: new Resource(), verify: new Resource() };
  /** Cursor, undo steps and scroll of each part while another one is shown. */
  readonly editors: Partial<Record<Part, EditorKept>> = {};
  readonly #call: Call;
  readonly #preferences: Preferences;
  readonly #key: string;
  #clean = '';
  #keeping: ReturnType<typeof setTimeout> | null = null;
  readonly #linting: Partial<Record<Part, ReturnType<typeof setTimeout>>> = {};

  constructor(client: Client, connection: string, subject: string) {
    this.#call = caller(client, connection);
    this.#preferences = client.preferences;
    this.#key = `migration-draft.${connection}.${subject}`;
  }

  /** Begins with what was kept, else with what is given. */
  async begin(first: First): Promise<void> {
    // The name may have been typed while what is here was still being read.
    const typed = this.name;
    this.version = first.version ?? null;
    this.name = first.name;
    this.texts = { ...first.texts };
    this.#clean = this.#said();
    this.name = typed || first.name;
    const kept = (await this.#preferences.get(this.#key).catch(() => null)) as Kept | null | undefined;
    if (!kept || !kept.texts) return this.#lintAll();
    this.name = typed || kept.name;
    this.version = kept.version ?? this.version;
    this.texts = { ...this.texts, ...kept.texts };
    if (this.dirty) this.found = kept.at;
    this.#lintAll();
  }

  get dirty(): boolean {
    return this.#said() !== this.#clean;
  }

  typed(part: Part, text: string): void {
    this.texts[part] = text;
    this.keep();
    this.#lintSoon(part);
  }

  keep(): void {
    if (this.#keeping) clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keepNow(), KEEP_MS);
  }

  /** Puts the safe form in the place of what was found. */
  rewrite(part: Part, finding: Finding): void {
    this.typed(part, rewritten(this.texts[part], finding));
  }

  /** Saved, or thrown away: nothing is kept any more. */
  async settle(): Promise<void> {
    this.#stop();
    this.#clean = this.#said();
    this.found = null;
    await this.#preferences.set(this.#key, null).catch(() => undefined);
  }

  async discard(first: First): Promise<void> {
    this.version = first.version ?? null;
    this.name = first.name;
    this.texts = { ...first.texts };
    for (const part of PARTS) delete this.editors[part];
    await this.settle();
    this.#lintAll();
  }

  /** Leaves the screen: what waits to be kept is kept now. */
  close(): void {
    if (this.#keeping) this.#keepNow();
    this.#stop();
  }

  /**
   * Writes the files; resolves to the version. A new one is made first, and remembered: when one of its texts is refused,
   * the next try goes on with it.
   */
  async save(): Promise<string> {
    this.version ??= (await this.#call('migrate_new', { name: this.name.trim(), ruby: null })).version;
    this.keep();
    const there = await this.#call('migrate_source', { version: this.version });
    for (const role of PARTS) await this.#write(this.version, role, there);
    return this.version;
  }

  async #write(version: string, role: Part, there: Source): Promise<void> {
    const text = this.texts[role];
    const sum = { up: there.upSha384, down: there.downSha384, verify: there.verifySha384 }[role];
    if (text.trim() === '' || text === there[role]) return;
    await this.#call('migrate_write', { version, role, text: text.endsWith('\n') ? text : `${text}\n`, read: sum });
  }

  #said(): string {
    return JSON.stringify([this.name, this.texts]);
  }

  #keepNow(): void {
    if (this.#keeping) clearTimeout(this.#keeping);
    this.#keeping = null;
    const kept: Kept = { version: this.version, name: this.name, texts: { ...this.texts }, at: new Date().toISOString() };
    void this.#preferences.set(this.#key, this.dirty ? kept : null).catch(() => undefined);
  }

  #lintAll(): void {
    for (const part of PARTS) this.#lintSoon(part, 0);
  }

  #lintSoon(part: Part, ms = LINT_MS): void {
    clearTimeout(this.#linting[part]);
    this.#linting[part] = setTimeout(() => void this.#lintNow(part), ms);
  }

  async #lintNow(part: Part): Promise<void> {
    if (this.texts[part].trim() === '') return this.lint[part].put([]);
    const text = this.texts[part];
    await this.lint[part].load(async () => (await this.#call('migrate_lint', { version: null, draft: { role: part, text } })).flatMap((one) => one.findings));
  }

  #stop(): void {
    if (this.#keeping) clearTimeout(this.#keeping);
    this.#keeping = null;
    for (const part of PARTS) clearTimeout(this.#linting[part]);
  }
}

/** Why it can't be named so; null when it can. */
export function nameProblem(name: string): string | null {
  const said = name.trim();
  if (said === '') return 'Give it a name';
  if (!/^[a-z][a-z0-9_]*$/.test(said)) return 'Small letters, digits and underscores; a letter first';
  return said.length > 100 ? 'At most 100 letters' : null;
}
