/** What SQL may do on a connection: its own setting, else what its environment usually has; read-only wins. */
import type { ConnectionProfile, WriteMode } from './ipc';

export function modeOf(profile: Pick<ConnectionProfile, 'environment' | 'readOnly'> & Partial<Pick<ConnectionProfile, 'writes'>>): WriteMode {
  if (profile.readOnly) return 'read_only';
  if (profile.writes) return profile.writes;
  return profile.environment === 'production' ? 'read_only' : profile.environment === 'staging' ? 'confirm' : 'free';
}
