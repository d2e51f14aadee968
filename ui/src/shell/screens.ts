/** All screens of the window: the features' and the shell's own. */
import { code, type ScreenDefinition } from '$lib/screens';
import { SCREENS as FEATURES } from '../features/registry';

export const SCREENS: ScreenDefinition[] = [
  ...FEATURES,
  { screen: 'settings', title: 'Settings', icon: 'settings', section: 'settings', needs: 'nothing', component: code(() => import('./settings/SettingsView.svelte')) },
];
