import { code, type ScreenDefinition } from '$lib/screens';
import { fromLink, toQuery } from './filter';
import RunsView from './RunsView.svelte';

export default [
  {
    screen: 'runs',
    title: 'Runs',
    icon: 'runs',
    section: 'runs',
    component: RunsView,
    ahead: (client, connection, query) =>
      client.ahead('run_list', { connection, query: toQuery(fromLink(query), new Date()) }),
  },
  { screen: 'run', title: 'Run', icon: 'runs', section: 'runs', component: code(() => import('./detail/RunView.svelte')) },
  { screen: 'span', title: 'Span', icon: 'response', section: 'runs', component: code(() => import('./span/SpanView.svelte')) },
] satisfies ScreenDefinition[];
