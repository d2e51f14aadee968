/** Where a window begins: at what a launcher asked to open, else with the connections that there are. */
import type { ConnectionProfile } from '$lib/ipc';
import type { Route } from '$lib/screens';
import { WELCOME } from './workspace.svelte';

const LOCAL = 'local';
const overview = (connection: string): Route => ({ connection, screen: 'overview', path: [], query: {} });
const CONNECTIONS: Route = { connection: null, screen: 'connections', path: [], query: {} };

/** `#/open/<id or name>` is what `--open` asks for; every other link is a place already. */
export function resolveStart(route: Route, connections: ConnectionProfile[]): Route {
  if (route.screen !== 'open' || route.connection !== null) return route;
  const asked = (route.path[0] ?? '').toLowerCase();
  const found = connections.find((one) => one.id === asked) ?? connections.find((one) => one.name.toLowerCase() === asked);
  if (found) return overview(found.id);
  return asked === LOCAL ? { ...WELCOME, query: { open: LOCAL } } : CONNECTIONS;
}

/** The private database is the default; somebody else's is opened only on request. */
export function homeOf(connections: ConnectionProfile[]): Route {
  const local = connections.find((one) => one.local);
  if (local) return overview(local.id);
  return connections.length > 0 ? CONNECTIONS : WELCOME;
}
