/**
 * The code of screens: the first screens come with the window, the others are files of their own. They are read once
 * the window is painted, so that a person who goes there waits for none of them.
 */
import { SvelteMap } from 'svelte/reactivity';
import { AppError } from '$lib/ipc';
import { ScreenCode, type ScreenComponent, type ScreenDefinition } from '$lib/screens';

type Read = { component: ScreenComponent } | { error: AppError };

/** What a page has loaded is the page's: two mounts share it, as they share the module. */
const read = new SvelteMap<ScreenCode, Read>();
const underWay = new Map<ScreenCode, Promise<void>>();

export function componentOf({ component }: ScreenDefinition): ScreenComponent | null {
  if (!(component instanceof ScreenCode)) return component;
  const found = read.get(component);
  return found && 'component' in found ? found.component : null;
}

/** Why its file could not be read; null while nobody knows. */
export function codeError({ component }: ScreenDefinition): AppError | null {
  const found = component instanceof ScreenCode ? read.get(component) : undefined;
  return found && 'error' in found ? found.error : null;
}

/** Reads a screen's code unless it is there or on its way; never rejects. */
export function fetchCode({ component, title }: ScreenDefinition): Promise<void> {
  if (!(component instanceof ScreenCode)) return Promise.resolve();
  const there = read.get(component);
  if (there && 'component' in there) return Promise.resolve();
  const going = underWay.get(component) ?? readCode(component, title);
  underWay.set(component, going);
  return going;
}

async function readCode(code: ScreenCode, title: string): Promise<void> {
  try {
    read.set(code, { component: (await code.load()).default });
  } catch (thrown) {
    const { message } = AppError.from(thrown);
    read.set(code, { error: new AppError({ code: 'internal', message: `the screen ${title} could not be loaded`, hint: 'Try again; if it stays so, start Evaldesk anew.', detail: message }) });
  } finally {
    underWay.delete(code);
  }
}

/** One after the other, so that none of them is in the way of what a person does. */
export async function fetchAllCode(screens: ScreenDefinition[]): Promise<void> {
  for (const screen of screens) await fetchCode(screen);
}
