/** The pane that explains a statement: `explain/ExplainPane.svelte`, read when it is first wanted. */
import type { Component } from 'svelte';
import type { Client } from '$lib/ipc';
import type { ScreenConnection } from '$lib/screens';
import type { Asked } from './explain/asked.svelte';
import type { QueryParameter } from './wire';

export interface ExplainProps {
  client: Client;
  connection: ScreenConnection;
  /** The tab, whose close or next plan stops this one. */
  tab: string;
  /** Which statement; what came of it stays with it. */
  asked: Asked;
  parameters: QueryParameter[];
  /** Puts SQL (an index, a rewrite) into a tab of its own, which runs nothing. */
  onopen: (sql: string) => void;
  /** Goes to a place of the text, where an error is. */
  onplace?: (offset: number) => void;
}

const found = Object.values(import.meta.glob<{ default: Component<ExplainProps> }>('./explain/ExplainPane.svelte'));

export const canExplain = found.length > 0;

export const loadExplain = (): Promise<{ default: Component<ExplainProps> }> | null => found[0]?.() ?? null;
