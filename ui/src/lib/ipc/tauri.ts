/** The desktop app: the plugin's commands over Tauri's IPC. The only file that knows @tauri-apps/*. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { LazyStore } from '@tauri-apps/plugin-store';
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

/** The store ignores a file that it can't read and starts empty; it holds view state only, so that is fine. */
function storePreferences(): Preferences {
  const store = new LazyStore('preferences.json', { defaults: {}, autoSave: 200 });
  return {
    get: (key) => store.get(key),
    set: (key, value) => store.set(key, value),
  };
}
