/** Routes and their links: `#/c/<connection>/<screen>/<path...>?<query>`; screens without a connection leave `/c/...` out. */
import type { OpenRoute, Route } from '$lib/screens';

const encode = (part: string): string => encodeURIComponent(part).replace(/%2C/g, ',').replace(/%3A/g, ':');

export function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A hand-written link with a bare percent sign: take it as it is.
  }
}

export function formatRoute(route: Route): string {
  const parts = route.connection === null ? [] : ['c', route.connection];
  const path = [...parts, route.screen, ...route.path].map(encode).join('/');
  const query = new URLSearchParams(route.query).toString();
  return `#/${path}${query ? `?${query}` : ''}`;
}

/** Null for an empty or foreign hash. */
export function parseRoute(hash: string): Route | null {
  const match = /^#\/([^?]*)(?:\?(.*))?$/.exec(hash);
  if (!match?.[1]) return null;
  const parts = match[1].split('/').filter(Boolean).map(decode);
  const query = Object.fromEntries(new URLSearchParams(match[2] ?? ''));
  const connection = parts[0] === 'c' ? (parts[1] ?? null) : null;
  const [screen, ...path] = connection === null ? parts : parts.slice(2);
  if (parts[0] === 'c' && connection === null) return null;
  return { connection, screen: screen ?? 'overview', path, query };
}

/** Where an order leads, seen from a route. */
export function resolveRoute(order: OpenRoute, from: Route | null): Route {
  const given = Object.entries(order.query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    connection: order.connection === undefined ? (from?.connection ?? null) : order.connection,
    screen: order.screen,
    path: order.path ?? [],
    query: Object.fromEntries(given),
  };
}

export const sameRoute = (a: Route, b: Route): boolean => formatRoute(a) === formatRoute(b);
