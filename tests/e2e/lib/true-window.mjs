/** The built app under WebKitWebDriver, on a home of its own. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Builder, Capabilities } from 'selenium-webdriver';
import { appProgram } from './places.mjs';

export class TrueWindow {
  static async open(home) {
    const port = await freePort();
    const service = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      env: { ...home.environment, TAURI_WEBVIEW_AUTOMATION: 'true' }, stdio: 'ignore',
    });
    await listening(port);
    const capabilities = new Capabilities({
      browserName: 'wry', 'webkitgtk:browserOptions': { binary: appProgram(), args: ['--open', 'local'] },
    });
    const window = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    await window.manage().setTimeouts({ script: 330_000 });
    return new TrueWindow(service, window);
  }

  constructor(service, window) {
    this.service = service;
    this.window = window;
  }

  /** Waits until a function of the page is true. */
  async until(holds, ms = 60_000) {
    await this.window.wait(() => this.window.executeScript(`return (${holds})()`), ms);
  }

  /** Waits for the SQL editor, which lives in a shadow root. */
  editor() {
    return this.until(() => [...document.querySelectorAll('*')].some((one) => one.shadowRoot?.querySelector('.cm-content')));
  }

  /** Puts this text in place of the editor's. */
  async write(text) {
    await this.window.executeScript((content) => {
      const host = [...document.querySelectorAll('*')].find((one) => one.shadowRoot?.querySelector('.cm-content'));
      host.shadowRoot.querySelector('.cm-content').focus();
      document.execCommand('selectAll');
      document.execCommand('insertText', false, content);
    }, text);
  }

  /** A picture right after a change shows the frame before it. */
  painted() {
    return this.window.executeAsyncScript(`
      const done = arguments[arguments.length - 1];
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))`);
  }

  async close() {
    await this.window.quit().catch(() => undefined);
    this.service.kill();
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function listening(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('WebKitWebDriver does not answer: run `cargo xtask test`');
}
