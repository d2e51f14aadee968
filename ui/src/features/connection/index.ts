import { code, type ScreenDefinition } from '$lib/screens';

export default [
  { screen: 'connections', title: 'Connections', icon: 'plug', section: null, needs: 'nothing', component: code(() => import('./ConnectionView.svelte')) },
] satisfies ScreenDefinition[];
