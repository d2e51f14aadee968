/** What a feature says about its screens, and what a screen is given. Shell and features share only this. */
import type { Component } from 'svelte';
import type { Client } from './ipc';
import type { IconName } from './ui/icons';

/** Where a tab stands. Its link: `#/c/<connection>/<screen>/<path...>?<query>`, without `/c/<connection>` when it has none. */
export interface Route {
  connection: string | null;
  screen: string;
  path: string[];
  query: Record<string, string>;
}

/** Where to go; what is left out stays as it is (connection) or empty (path, query). */
export interface OpenRoute {
  screen: string;
  path?: string[];
  query?: Record<string, string | undefined>;
  /** Another connection opens another tab: a tab belongs to one for life. */
  connection?: string | null;
  newTab?: boolean;
  /** Changes the address without a step in the history (a filter, a selection). */
  replace?: boolean;
}

/** The open connection a screen works on. */
export interface ScreenConnection {
  id: string;
  name: string;
  environment: string;
  database: string;
  host: string;
  user: string;
  readOnly: boolean;
  serverVersion: string;
}

/** What is asked before a tab is closed. */
export interface Leaving {
  title: string;
  text: string;
  confirmLabel: string;
  cancelLabel: string;
}

export interface TabHandle {
  /** Whether it is the one on screen; a tab with unsaved work lives on behind the others. */
  readonly shown: boolean;
  /** The words on the tab; the screen's own title until then. */
  setTitle: (title: string) => void;
  /** Unsaved work: a dot on the tab, and the tab stays alive when another is shown. */
  setDirty: (dirty: boolean) => void;
  /** Of a tab without connection that is about one: its mark and line. */
  setEnvironment: (environment: string | null) => void;
  /** What is asked before it is closed; `'nothing'` where closing loses nothing, null for the usual question while it is dirty. */
  setLeaving: (leaving: Leaving | 'nothing' | null) => void;
  /** What the status bar says of it: at the left behind the server, and at the right. */
  setStatus: (status: { start?: string | null; end?: string | null } | null) => void;
  close: () => void;
}

export interface ScreenProps {
  client: Client;
  /** Null only on screens with `needs: 'nothing'`. */
  connection: ScreenConnection | null;
  params: { path: string[]; query: Record<string, string> };
  open: (route: OpenRoute) => void;
  tab: TabHandle;
}

/** For screens that always have a connection. */
export type ConnectedProps = ScreenProps & { connection: ScreenConnection };

export type Section =
  | 'overview' | 'runs' | 'query' | 'schema' | 'indexes' | 'health' | 'maintenance'
  | 'migrations' | 'checklist' | 'backups' | 'archive' | 'partitions' | 'settings';

export type ScreenComponent = Component<ScreenProps> | Component<ConnectedProps>;

/** Of a screen that no window opens on: a file of its own, read when it is first wanted. */
export class ScreenCode {
  constructor(readonly load: () => Promise<{ default: ScreenComponent }>) {}
}

export const code = (load: () => Promise<{ default: ScreenComponent }>): ScreenCode => new ScreenCode(load);

/** How many things of a section ask for a look, and what they are: "need a decision". */
export interface Asking {
  count: number;
  label: string;
}

export interface ScreenDefinition {
  /** The word in the link. */
  screen: string;
  title: string;
  icon: IconName;
  /** The sidebar entry that is lit while it is shown. The screen of the same name is what the entry opens. */
  section: Section | null;
  /** It says something without a path, and no entry of the sidebar leads there: the palette does. */
  listed?: true;
  /** 'connection' (default): the shell opens it first and shows why when it can't. */
  needs?: 'connection' | 'nothing';
  /** The number beside the entry in the sidebar; null for none. Asked once the connection is open, and after its jobs. */
  asks?: (client: Client, connection: string) => Promise<Asking | null>;
  component: ScreenComponent | ScreenCode;
  /**
   * Each tab of it is a thing of its own, named by the first part of its path: it is never turned into another, a new tab
   * beside it is one more, and its link without a name goes to one that is there. This gives the path of a new one.
   */
  fresh?: () => string[];
  /** A tab of it was closed, whether it had been looked at or not. */
  closed?: (client: Client, path: string[]) => void;
  /** Asks what the screen will ask first, while the window and the connection still open. */
  ahead?: (client: Client, connection: string, query: Record<string, string>) => Promise<void>;
}
