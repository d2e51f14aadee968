/** An address as a URL, and what can be told from one. */
import type { ConnectionProfile } from '$lib/ipc';

const HERE = ['localhost', '::1', ''];
/** Whether a host is this machine by its name alone. */
export const isHere = (host: string): boolean => host.startsWith('/') || host.startsWith('127.') || HERE.includes(host.toLowerCase());

/** The password of a URL, from its user part or its query; null when there is none or it can't be told apart. */
export function passwordIn(address: string): string | null {
  try {
    const url = new URL(address);
    return decodeURIComponent(url.password) || url.searchParams.get('password') || null;
  } catch {
    return null;
  }
}

/** The address as a URL, without a password. A socket's folder stands in the query, as libpq wants it. */
export function formatAddress(profile: ConnectionProfile): string {
  const user = profile.user ? `${encodeURIComponent(profile.user)}@` : '';
  const socket = profile.host.startsWith('/');
  const host = socket ? '' : profile.host.includes(':') ? `[${profile.host}]` : profile.host;
  const port = socket || !profile.port ? '' : `:${profile.port}`;
  const query = new URLSearchParams();
  if (socket) query.set('host', profile.host);
  if (socket && profile.port) query.set('port', String(profile.port));
  query.set('sslmode', profile.tls);
  if (profile.tlsRootCert) query.set('sslrootcert', profile.tlsRootCert);
  return `postgresql://${user}${host}${port}/${encodeURIComponent(profile.database)}?${query.toString().replace(/%2F/g, '/')}`;
}
