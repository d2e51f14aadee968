import type { ScreenDefinition } from '$lib/screens';
import IndexesView from './IndexesView.svelte';

export default [
  { screen: 'indexes', title: 'Indexes', icon: 'indexes', section: 'indexes', component: IndexesView },
] satisfies ScreenDefinition[];
