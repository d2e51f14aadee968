import type { ScreenDefinition } from '$lib/screens';
import ConnectionView from './ConnectionView.svelte';

export default [
  { screen: 'connections', title: 'Connections', icon: 'plug', section: null, needs: 'nothing', component: ConnectionView },
] satisfies ScreenDefinition[];
