/** Light or dark: from the system, unless the person chose. The choice is a preference of this computer. */
import type { Preferences } from './ipc';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'theme';

export class Theme {
  choice = $state<ThemeChoice>('system');
  readonly #preferences: Preferences;

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
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
