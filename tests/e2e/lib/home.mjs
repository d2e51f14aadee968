/** A home of its own for the programs under test: no profile, keyring or server of the reader's is seen. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cliProgram, engine } from './places.mjs';

const run = promisify(execFile);

export class Home {
  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'evaldesk-e2e-'));
    this.data = path.join(this.folder, 'data', 'evaldesk');
  }

  get environment() {
    const { PATH, DISPLAY, GDK_BACKEND, LANG } = process.env;
    const at = (name) => path.join(this.folder, name);
    return {
      PATH, LANG: LANG ?? 'C.UTF-8', ...(DISPLAY && { DISPLAY }), ...(GDK_BACKEND && { GDK_BACKEND }),
      HOME: this.folder, USER: 'tester', XDG_DATA_HOME: at('data'), XDG_CONFIG_HOME: at('config'), XDG_CACHE_HOME: at('cache'),
      EVALDESK_ENGINE: engine(),
    };
  }

  /** Runs the command line on the same data folder, and reads the JSON that it prints. */
  async cli(...args) {
    const { stdout } = await run(cliProgram(), args, { env: this.environment, maxBuffer: 64 << 20 });
    return stdout.trim() === '' ? null : JSON.parse(stdout);
  }

  /** Run by root, the server's data lies outside the home: the program itself takes it away, once nobody uses it. */
  async remove() {
    await this.cli('local', 'stop', '--json').catch(() => undefined);
    for (let tries = 0; tries < 50; tries += 1) {
      const gone = await this.cli('local', 'reset', '--delete', '--confirm', 'raaf_eval_local', '--json').then(() => true, () => false);
      if (gone) break;
      await new Promise((done) => setTimeout(done, 200));
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
