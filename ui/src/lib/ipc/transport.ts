/**
 * The one seam to the backend. A host page brings its own transport; ours are `tauri.ts` (the desktop app),
 * `http.ts` (the loopback bridge) and `fake.ts` (tests). Nothing else in the UI knows where answers come from.
 */
export interface Preferences {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** Which screen showed its first real content, and how many rows of it. */
export interface Painted {
  screen: string;
  rows: number;
}

export interface Transport {
  /** Runs one command of the table. Rejects with an ErrorReport (a plain object), never with a string. */
  call(name: string, args: unknown): Promise<unknown>;
  /** Starts a stream; resolves to the function that closes it. */
  stream(name: string, args: unknown, onItem: (item: unknown) => void): Promise<() => void>;
  preferences: Preferences;
  /** Tells the host that a screen is really on the glass (used to time the start). */
  painted?(info: Painted): Promise<void> | void;
}
