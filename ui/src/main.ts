/** The page of the desktop app, and of a browser over the loopback bridge: the window decides which by its host. */
import './lib/styles/fonts.css';
import './lib/styles/page.css';
import { httpTransport } from './lib/ipc/http';
import { tauriTransport } from './lib/ipc/tauri';
import { mount } from './mount';

const target = document.getElementById('app');
const transport = '__TAURI_INTERNALS__' in window ? tauriTransport() : httpTransport();
if (target) mount(target, { transport, links: true });
