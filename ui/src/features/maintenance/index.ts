import type { ScreenDefinition } from '$lib/screens';
import MaintenanceView from './MaintenanceView.svelte';

export default [
  { screen: 'maintenance', title: 'Maintenance', icon: 'maintenance', section: 'maintenance', component: MaintenanceView },
] satisfies ScreenDefinition[];
