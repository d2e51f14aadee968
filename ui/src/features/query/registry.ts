/** The tabs that this window holds, by backend and name; small, since the window reads it before any of them is shown. */
import type { Client } from '$lib/ipc';

interface Held {
  readonly title: string;
  close: () => void;
}

const held = new WeakMap<Client, Map<string, Held>>();

/** The tab of that name, made when it is asked for first. */
export function holding<T extends Held>(client: Client, id: string, make: () => T): T {
  const tabs = held.get(client) ?? new Map<string, Held>();
  held.set(client, tabs);
  const tab = (tabs.get(id) as T | undefined) ?? make();
  tabs.set(id, tab);
  return tab;
}

/** The titles of all that are held: a new one has another. */
export const titles = (client: Client): string[] => [...(held.get(client)?.values() ?? [])].map((one) => one.title);

/** Lets go of it: opened again it begins with its draft. */
export function release(client: Client, id: string): void {
  held.get(client)?.get(id)?.close();
  held.get(client)?.delete(id);
}
