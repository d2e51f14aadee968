import { code, type ScreenDefinition } from '$lib/screens';

export default [
  { screen: 'maintenance', title: 'Maintenance', icon: 'maintenance', section: 'maintenance', component: code(() => import('./MaintenanceView.svelte')) },
] satisfies ScreenDefinition[];
