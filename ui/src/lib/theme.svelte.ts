/** Light or dark: from the system, unless the person chose. The choice is a preference of this computer. */
import type { Preferences } from './ipc';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'theme';

export class Theme {
  choice = $state<ThemeChoice>('system');
  #systemDark = $state(false);
  readonly #preferences: Preferences;

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
    if (typeof window === 'undefined' || !window.matchMedia) return;
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = query.matches;
    query.addEventListener('change', () => (this.#systemDark = query.matches));
  }

  /** What is really shown, for what is drawn elsewhere (a chart). */
  get dark(): boolean {
    return this.choice === 'system' ? this.#systemDark : this.choice === 'dark';
  }

  /** What `data-theme` should say; undefined leaves it to the system. */
  get attribute(): 'light' | 'dark' | undefined {
    return this.choice === 'system' ? undefined : this.choice;
  }

  async load(): Promise<void> {
    const kept = await this.#preferences.get(KEY).catch(() => undefined);
    if (kept === 'light' || kept === 'dark' || kept === 'system') this.choice = kept;
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    void this.#preferences.set(KEY, choice);
  }
}
