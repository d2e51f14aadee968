/** What can be done about a finding, and where. */
import type { Attention } from '$lib/ipc';
import type { OpenRoute } from '$lib/screens';

export interface Verb {
  label: string;
  route: OpenRoute;
}

/** Null where Evaldesk has no screen that helps: the sentence has to be enough then. */
export function verbOf({ action, object }: Attention): Verb | null {
  const name = object ? [object.schema, object.name].filter(Boolean).join('.') : undefined;
  const tables = object?.kind === 'table' ? name : undefined;
  switch (action) {
    case 'vacuum':
      return { label: 'Vacuum…', route: { screen: 'maintenance', query: { tables } } };
    case 'analyze':
      return { label: 'Analyze…', route: { screen: 'maintenance', query: { tables } } };
    case 'reindex':
      return { label: 'Look', route: { screen: 'indexes', query: { index: name } } };
    case 'migrate':
      return { label: 'Plan', route: { screen: 'migrations' } };
    case 'show_runs':
      return { label: 'Look', route: { screen: 'runs', query: { view: 'stuck' } } };
    default:
      return null;
  }
}
