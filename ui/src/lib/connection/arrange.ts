/** The order of connections and the headings that they stand under: what is shown, and what a step or a drop makes of it. */
import type { ConnectionProfile, ConnectionPlace } from '$lib/ipc';

export interface ConnectionGroup {
  /** Null: without a heading, above the others. */
  name: string | null;
  connections: ConnectionProfile[];
}

/** Those without a heading first, then each heading where its first connection stands. */
export function grouped(connections: readonly ConnectionProfile[]): ConnectionGroup[] {
  const groups = new Map<string | null, ConnectionProfile[]>([[null, []]]);
  for (const one of connections) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups].map(([name, inside]) => ({ name, connections: inside })).filter((group) => group.connections.length > 0);
}

const places = (groups: ConnectionGroup[]): ConnectionPlace[] =>
  groups.flatMap((group) => group.connections.map((one) => ({ connection: one.id, group: group.name })));

/** One step up or down. Over the edge of a heading it goes into the next one; null at the end of the list. */
export function stepped(connections: readonly ConnectionProfile[], id: string, step: 1 | -1): ConnectionPlace[] | null {
  const shown = places(grouped(connections));
  const at = shown.findIndex((one) => one.connection === id);
  const [own, next] = [shown[at], shown[at + step]];
  if (!own || !next) return null;
  if (own.group !== next.group) return shown.map((one, index) => (index === at ? { ...one, group: next.group } : one));
  return shown.map((one, index) => (index === at ? next : index === at + step ? own : one));
}

/** Dropped on another: before it, under its heading. */
export function dropped(connections: readonly ConnectionProfile[], id: string, on: string): ConnectionPlace[] | null {
  const shown = places(grouped(connections));
  const target = shown.find((one) => one.connection === on);
  if (!target || id === on) return null;
  const rest = shown.filter((one) => one.connection !== id);
  const at = rest.indexOf(target);
  return [...rest.slice(0, at), { connection: id, group: target.group }, ...rest.slice(at)];
}

/** The headings there are, for those who choose one. */
export const headings = (connections: readonly ConnectionProfile[]): string[] => [...new Set(connections.flatMap((one) => one.group ?? []))];
