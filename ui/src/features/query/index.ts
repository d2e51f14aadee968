import { code, type ScreenDefinition } from '$lib/screens';
import { caller } from './calls';
import { freshTab } from './names';
import { release } from './registry';

export default [
  {
    screen: 'query',
    title: 'Query',
    icon: 'query',
    section: 'query',
    fresh: () => [freshTab()],
    // What runs is cancelled and its session ends; the text stays among the drafts.
    closed: (client, [tab]) => {
      if (tab === undefined) return;
      release(client, tab);
      void caller(client)('query_close', { tab }).catch(() => undefined);
    },
    component: code(() => import('./QueryView.svelte')),
  },
] satisfies ScreenDefinition[];
