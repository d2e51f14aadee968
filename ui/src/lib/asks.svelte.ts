/**
 * What asks for a look, as a number beside an entry of the sidebar: by connection and section. A feature says how it
 * counts (`asks` of its screen); its screen, when it has just read the same, tells it without another question.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from './ipc';
import type { Asking, ScreenDefinition, Section } from './screens';

export class Asks {
  readonly #known = new SvelteMap<string, Asking | null>();
  readonly #client: Client;
  readonly #screens: ScreenDefinition[];

  constructor(client: Client, screens: ScreenDefinition[]) {
    this.#client = client;
    this.#screens = screens;
  }

  of(connection: string | null, section: Section): Asking | null {
    return this.#known.get(`${section} ${connection}`) ?? null;
  }

  put(connection: string, section: Section, asking: Asking | null): void {
    this.#known.set(`${section} ${connection}`, asking);
  }

  /** Where nobody can tell there is no number: a zero would be a false calm. */
  async read(connection: string): Promise<void> {
    const counted = this.#screens.map(async ({ section, asks }) => {
      if (section && asks) this.put(connection, section, await asks(this.#client, connection).catch(() => null));
    });
    await Promise.all(counted);
  }
}
