/** The pane that explains a statement: `explain/ExplainPane.svelte`, read when it is first wanted. */
import type { Component } from 'svelte';
import type { Client } from '$lib/ipc';
import type { ScreenConnection } from '$lib/screens';
import type { QueryParameter } from './wire';

export interface ExplainProps {
  client: Client;
  connection: ScreenConnection;
  /** The text of the tab, and where in it the statement stands (UTF-16, from 0). It is asked anew when one of them changes. */
  text: string;
  offset: number;
  parameters: QueryParameter[];
  /** Puts SQL (an index, a rewrite) into a tab of its own, which runs nothing. */
  onopen: (sql: string) => void;
}

const found = Object.values(import.meta.glob<{ default: Component<ExplainProps> }>('./explain/ExplainPane.svelte'));

export const canExplain = found.length > 0;

export const loadExplain = (): Promise<{ default: Component<ExplainProps> }> | null => found[0]?.() ?? null;
