import type { ScreenDefinition } from '$lib/screens';
import MigrationsView from './MigrationsView.svelte';

export default [
  { screen: 'migrations', title: 'Migrations', icon: 'migrations', section: 'migrations', component: MigrationsView },
] satisfies ScreenDefinition[];
