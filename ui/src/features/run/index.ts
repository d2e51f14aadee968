import type { ScreenDefinition } from '$lib/screens';
import RunsView from './RunsView.svelte';
import RunView from './detail/RunView.svelte';
import SpanView from './span/SpanView.svelte';

export default [
  { screen: 'runs', title: 'Runs', icon: 'runs', section: 'runs', component: RunsView },
  { screen: 'run', title: 'Run', icon: 'runs', section: 'runs', component: RunView },
  { screen: 'span', title: 'Span', icon: 'response', section: 'runs', component: SpanView },
] satisfies ScreenDefinition[];
