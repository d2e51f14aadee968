import type { ScreenDefinition } from '$lib/screens';
import WelcomeView from './WelcomeView.svelte';

export default [
  { screen: 'welcome', title: 'Welcome', icon: 'overview', section: null, needs: 'nothing', component: WelcomeView },
] satisfies ScreenDefinition[];
