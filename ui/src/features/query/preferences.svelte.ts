/** Sizes and switches that are the same in every tab and are kept. */
import type { Preferences } from '$lib/ipc';

export class Preference<Value> {
  value = $state.raw<Value>() as Value;
  readonly #preferences: Preferences;
  readonly #key: string;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(preferences: Preferences, key: string, value: Value, fits: (kept: unknown) => kept is Value) {
    this.#preferences = preferences;
    this.#key = `query.${key}`;
    this.value = value;
    void preferences.get(this.#key).then(
      (kept) => {
        if (fits(kept) && this.#timer === null) this.value = kept;
      },
      () => undefined,
    );
  }

  /** Kept a moment later: a divider that is pulled has a hundred sizes. */
  set(value: Value): void {
    this.value = value;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#preferences.set(this.#key, value).catch(() => undefined), 200);
  }
}

export const isNumber = (kept: unknown): kept is number => typeof kept === 'number' && Number.isFinite(kept);
