/** All screens of the window: the features' and the shell's own. */
import type { ScreenDefinition } from '$lib/screens';
import { SCREENS as FEATURES } from '../features/registry';
import SettingsView from './settings/SettingsView.svelte';

export const SCREENS: ScreenDefinition[] = [
  ...FEATURES,
  { screen: 'settings', title: 'Settings', icon: 'settings', section: 'settings', needs: 'nothing', component: SettingsView },
];
