import { code, type ScreenDefinition } from '$lib/screens';
import { caller } from './calls';
import { freshTab } from './names';

export default [
  {
    screen: 'query',
    title: 'Query',
    icon: 'query',
    section: 'query',
    fresh: () => [freshTab()],
    // What runs is cancelled and its session ends; the text stays among the drafts.
    closed: (client, [tab]) => tab !== undefined && void caller(client)('query_close', { tab }).catch(() => undefined),
    component: code(() => import('./QueryView.svelte')),
  },
] satisfies ScreenDefinition[];
