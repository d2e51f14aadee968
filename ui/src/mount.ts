/**
 * The embedding entry: `mount(target, { transport })` puts Evaldesk into any element of any page and returns the
 * function that takes it out again. The page gives the element its size; fonts are the page's to load.
 */
import './lib/styles/index.css';
import { mount as mountComponent, unmount } from 'svelte';
import App from './App.svelte';
import type { Transport } from './lib/ipc';

export interface MountOptions {
  transport: Transport;
  /** Whether the page's address (its hash) follows the tabs. Off by default: the page is the host's. */
  links?: boolean;
}

export function mount(target: HTMLElement, options: MountOptions): () => Promise<void> {
  const app = mountComponent(App, { target, props: { transport: options.transport, links: options.links ?? false } });
  return () => unmount(app);
}

export { AppError, Client, type ErrorParts, type Painted, type Preferences, type Transport } from './lib/ipc';
export { httpTransport } from './lib/ipc/http';
