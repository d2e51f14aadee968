/** The desktop app: the plugin's commands over Tauri's IPC. The only file that knows @tauri-apps/*. */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Preferences, Transport } from './transport';

export function tauriTransport(): Transport {
  return {
    call: (name, args) => invoke(`plugin:evaldesk|${name}`, { args }),
    stream: openStream,
    preferences: storePreferences(),
    painted: ({ screen, rows }) => invoke('painted', { screen, rows }),
  };
}

/** The command resolves to the stream's id at once; items come over the channel until it is closed. */
async function openStream(name: string, args: unknown, onItem: (item: unknown) => void): Promise<() => void> {
  const channel = new Channel<unknown>();
  let open = true;
  channel.onmessage = (item) => {
    if (open) onItem(item);
  };
  const id = await invoke(`plugin:evaldesk|${name}`, { args, onItem: channel });
  return () => {
    if (!open) return;
    open = false;
    // A stream that ended by itself is no longer known there: closing it again is not a fault.
    invoke('plugin:evaldesk|stream_close', { args: { id } }).catch(() => undefined);
  };
}

/** The shell keeps them by tauri-plugin-store; the page itself may name no file. */
function storePreferences(): Preferences {
  return {
    get: async (key) => (await invoke('preference_get', { key })) ?? undefined,
    set: (key, value) => invoke('preference_set', { key, value: value ?? null }),
  };
}
