import { code, type ScreenDefinition } from '$lib/screens';

export default [
  { screen: 'schema', title: 'Schema', icon: 'schema', section: 'schema', component: code(() => import('./SchemaView.svelte')) },
] satisfies ScreenDefinition[];
