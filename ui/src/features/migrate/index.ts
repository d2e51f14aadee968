import { code, type ScreenDefinition } from '$lib/screens';
import { asking } from './states';

export default [
  { screen: 'migrations', title: 'Migrations', icon: 'migrations', section: 'migrations', asks: async (client, connection) => asking((await client.call('migrate_status', { connection })).migrations), component: code(() => import('./MigrationsView.svelte')) },
  { screen: 'migration', title: 'New migration', icon: 'plus', section: 'migrations', listed: true, component: code(() => import('./editor/MigrationEditor.svelte')) },
  { screen: 'migration-log', title: 'Log of migrations', icon: 'clock', section: 'migrations', listed: true, component: code(() => import('./log/LogView.svelte')) },
  { screen: 'environments', title: 'Environments', icon: 'columns', section: 'migrations', listed: true, component: code(() => import('./environments/EnvironmentsView.svelte')) },
  { screen: 'drift', title: 'Schema and files', icon: 'compare', section: 'migrations', listed: true, component: code(() => import('./drift/DriftView.svelte')) },
] satisfies ScreenDefinition[];
