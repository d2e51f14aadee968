/** What a connection is where nobody has said otherwise. */
import type { ConnectionProfile, Environment, SshTunnel, WriteMode } from '$lib/ipc';

/** The defaults of a new connection: those of the backend. */
export const NEW_PROFILE: ConnectionProfile = {
  id: '',
  name: '',
  group: null,
  notes: null,
  host: 'localhost',
  port: 5432,
  database: '',
  user: '',
  environment: 'development',
  color: null,
  readOnly: false,
  writes: null,
  tls: 'prefer',
  tlsRootCert: null,
  tlsFiles: { clientCert: null, clientKey: null, serverName: null },
  ssh: null,
  applicationName: 'evaldesk',
  poolSize: 4,
  timeouts: { connectMs: 10_000, statementMs: 30_000, lockMs: 2_000, idleInTransactionMs: 60_000 },
  secretPolicy: 'keyring',
  passwordCommand: null,
  secretOf: null,
  local: false,
  migrations: { folder: null, rake: null, ownSchema: false, after: null },
};

/** What an environment allows SQL where the connection says nothing of its own. */
export const USUAL_WRITES: Record<Environment, WriteMode> = { development: 'free', test: 'free', staging: 'confirm', production: 'read_only', other: 'free' };

export const NO_TUNNEL: SshTunnel = { host: '', port: null, user: null, auth: 'agent', keyFile: null, jump: [], secretPolicy: 'keyring' };
