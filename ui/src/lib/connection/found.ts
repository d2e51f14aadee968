/** Connections that are written down on this computer, in words. */
import type { ImportDiscovery, ImportFound } from '$lib/ipc';
import type { IconName } from '$lib/ui';

export interface FoundRow {
  icon: IconName;
  title: string;
  detail: string;
  /** How many are new and can be taken. */
  fresh: number;
  path: string | null;
  kind: ImportDiscovery['kind'];
}

const ICONS: Record<ImportDiscovery['kind'], IconName> = { environment: 'settings', database_yml: 'database', service: 'schema', pgpass: 'lock', sockets: 'plug' };
const SHOWN = 3;

export const isNew = (found: ImportFound): boolean => found.problem === null && found.exists === null;

function title({ kind, path }: ImportDiscovery): string {
  if (kind === 'environment') return 'Variables';
  if (kind === 'sockets') return 'Servers here';
  return path?.split('/').slice(kind === 'database_yml' ? -2 : -1).join('/') ?? kind;
}

function detail({ kind, plan, problem }: ImportDiscovery): string {
  if (problem !== null) return problem;
  const word = (found: ImportFound) => (kind === 'pgpass' || kind === 'service' ? found.profile.host : kind === 'sockets' ? `${found.profile.host}, port ${found.profile.port}` : found.profile.name);
  const words = [...new Set(plan.found.map(word))];
  return words.length > SHOWN ? `${words.slice(0, SHOWN).join(', ')} and ${words.length - SHOWN} more` : words.join(', ');
}

export const foundRow = (found: ImportDiscovery): FoundRow => ({
  icon: ICONS[found.kind],
  title: title(found),
  detail: detail(found),
  fresh: found.plan.found.filter(isNew).length,
  path: found.path,
  kind: found.kind,
});
