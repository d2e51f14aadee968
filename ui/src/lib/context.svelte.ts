/** What every part of one mount shares. A context, not a global: two mounts on a page don't know of each other. */
import { getContext, setContext } from 'svelte';
import type { Asks } from './asks.svelte';
import type { AppError, Client, ConnectionProfile } from './ipc';
import type { Jobs } from './jobs.svelte';
import type { Keymap, Shortcut } from './keys';
import type { Theme } from './theme.svelte';
import type { Toasts } from './ui/toasts.svelte';

/** Something the palette can do or go to. Features add theirs while their screen is open. */
export interface PaletteAction {
  id: string;
  label: string;
  /** At the right end: where it leads, or what it costs. */
  hint?: string;
  icon?: import('./ui/icons').IconName;
  group: 'do' | 'go';
  run: () => void;
}

/** The saved connections, as the whole window sees them. */
export interface Connections {
  readonly connections: ConnectionProfile[];
  readonly loaded: boolean;
  readonly notice: string | null;
  readonly listError: AppError | null;
  isOpen(id: string): boolean;
  /** Reads the list again; what changed in it is opened anew. */
  reload(): Promise<void>;
  close(id: string): Promise<void>;
}

export interface AppContext {
  client: Client;
  connections: Connections;
  jobs: Jobs;
  asks: Asks;
  keymap: Keymap;
  theme: Theme;
  toasts: Toasts;
  /** Adds palette entries; returns the function that takes them back. */
  addActions: (actions: PaletteAction[]) => () => void;
}

const KEY = Symbol('evaldesk');

export const provideApp = (app: AppContext): AppContext => setContext(KEY, app);

/** Undefined outside of a mount (a part under test). */
export const useApp = (): AppContext | undefined => getContext<AppContext | undefined>(KEY);

export const useKeymap = (): Keymap | undefined => useApp()?.keymap;

/** Binds shortcuts for the life of the calling component. */
export function useShortcuts(shortcuts: () => Shortcut[]): void {
  const keymap = useKeymap();
  $effect.pre(() => keymap?.bind(shortcuts()));
}

/** Puts actions into the palette for the life of the calling component. */
export function useActions(actions: () => PaletteAction[]): void {
  const app = useApp();
  $effect.pre(() => app?.addActions(actions()));
}
