import type { ScreenDefinition } from '$lib/screens';
import SchemaView from './SchemaView.svelte';

export default [
  { screen: 'schema', title: 'Schema', icon: 'schema', section: 'schema', component: SchemaView },
] satisfies ScreenDefinition[];
