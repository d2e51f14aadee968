import type { ScreenDefinition } from '$lib/screens';
import OverviewView from './OverviewView.svelte';

export default [
  { screen: 'overview', title: 'Overview', icon: 'overview', section: 'overview', component: OverviewView },
] satisfies ScreenDefinition[];
