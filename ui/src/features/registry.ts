/** Every screen that exists. A feature is found by its index.ts; none is named here. */
import type { ScreenDefinition } from '$lib/screens';

const found = import.meta.glob<{ default: ScreenDefinition[] }>('./*/index.ts', { eager: true });

export const SCREENS: ScreenDefinition[] = Object.values(found).flatMap((module) => module.default);
