import { code, type ScreenDefinition } from '$lib/screens';

export default [
  { screen: 'indexes', title: 'Indexes', icon: 'indexes', section: 'indexes', component: code(() => import('./IndexesView.svelte')) },
] satisfies ScreenDefinition[];
