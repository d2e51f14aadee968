/** What each choice of a connection means, in words. */
import { duration } from '$lib/format';
import type { SecretPolicy, SshAuth, Timeouts, TlsMode, WriteMode } from '$lib/ipc';

export const TLS_MODES: { value: TlsMode; label: string; description: string }[] = [
  { value: 'disable', label: 'disable', description: 'plain; anybody on the way reads it' },
  { value: 'allow', label: 'allow', description: 'plain unless the server wants it encrypted' },
  { value: 'prefer', label: 'prefer', description: 'encrypted if offered, else plain, silently' },
  { value: 'require', label: 'require', description: 'encrypted; anybody can pose as the server' },
  { value: 'verify-ca', label: 'verify-ca', description: 'known authority; its other servers can pose' },
  { value: 'verify-full', label: 'verify-full', description: 'known authority and the right host name' },
];

export const SECRET_POLICIES: { value: SecretPolicy; label: string; help: string }[] = [
  { value: 'keyring', label: 'The system keyring', help: 'Kept by the operating system, never in a file of ours' },
  { value: 'ask', label: 'Memory, until Evaldesk quits', help: 'Asked once after each start' },
  { value: 'command', label: 'A command that prints it', help: 'pass show x, op read …: run at each opening, no shell reads it' },
  { value: 'none', label: 'Nothing: none is needed', help: 'The server takes this user without a password' },
];

export const WRITES: { value: WriteMode; label: string; description: string }[] = [
  { value: 'read_only', label: 'Read-only', description: 'refused here and by the server session' },
  { value: 'confirm', label: 'Confirm writes', description: 'shows rows and object before each' },
  { value: 'free', label: 'Free', description: 'asks only where data dies' },
];

export const SSH_AUTHS: { value: SshAuth; label: string }[] = [
  { value: 'agent', label: 'ssh-agent, then the usual keys' },
  { value: 'key', label: 'A key file' },
  { value: 'password', label: 'A password' },
];

const limit = (milliseconds: number): string => (milliseconds === 0 ? 'none' : duration(milliseconds).replace('.00', '').replace('.0', ''));

export function timeoutsInWords(timeouts: Timeouts, poolSize: number): string {
  return `connect ${limit(timeouts.connectMs)}, statement ${limit(timeouts.statementMs)}, lock ${limit(timeouts.lockMs)}, idle in transaction ${limit(timeouts.idleInTransactionMs)} · pool ${poolSize}`;
}
