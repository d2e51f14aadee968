/** Where a window begins: at what a launcher asked to open, else with the connections that there are. */
import type { Client, ConnectionProfile } from '$lib/ipc';
import type { Route, ScreenDefinition } from '$lib/screens';
import { fetchCode } from './code.svelte';
import { WELCOME } from './workspace.svelte';

const LOCAL = 'local';
const overview = (connection: string): Route => ({ connection, screen: 'overview', path: [], query: {} });
const CONNECTIONS: Route = { connection: null, screen: 'connections', path: [], query: {} };

/** By id, else by name without regard to case, as the command line does. */
function find(asked: string, connections: ConnectionProfile[]): ConnectionProfile | undefined {
  const name = asked.toLowerCase();
  return connections.find((one) => one.id === asked) ?? connections.find((one) => one.name.toLowerCase() === name);
}

/** `#/open/<id or name>` is what `--open` asks for, and who asks for it wants to see runs; every other link is a place already. */
export function resolveStart(route: Route, connections: ConnectionProfile[]): Route {
  if (route.connection !== null) return { ...route, connection: find(route.connection, connections)?.id ?? route.connection };
  if (route.screen !== 'open') return route;
  const asked = route.path[0] ?? '';
  const found = find(asked, connections);
  if (found) return { ...overview(found.id), screen: 'runs' };
  return asked.toLowerCase() === LOCAL ? { ...WELCOME, query: { open: LOCAL } } : CONNECTIONS;
}

/** Opens and reads what the first screen will need while the shell is still being drawn. */
export async function lookAhead(client: Client, screens: ScreenDefinition[], route: Route | null): Promise<void> {
  if (!route) return;
  const launched = route.screen === 'open' && route.connection === null;
  const connection = launched ? (route.path[0] ?? '').toLowerCase() : route.connection;
  const screen = screens.find((one) => one.screen === (launched ? 'runs' : route.screen));
  if (screen) void fetchCode(screen);
  // By its name only the local one is known to be its id too.
  if (!connection || (launched && connection !== LOCAL)) return;
  await Promise.all([client.ahead('connection_open', { connection }), screen?.ahead?.(client, connection, route.query)]);
}

/** The private database is the default; somebody else's is opened only on request. */
export function homeOf(connections: ConnectionProfile[]): Route {
  const local = connections.find((one) => one.local);
  if (local) return overview(local.id);
  return connections.length > 0 ? CONNECTIONS : WELCOME;
}
