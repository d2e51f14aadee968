import { code, type ScreenDefinition } from '$lib/screens';

export default [
  { screen: 'migrations', title: 'Migrations', icon: 'migrations', section: 'migrations', component: code(() => import('./MigrationsView.svelte')) },
] satisfies ScreenDefinition[];
