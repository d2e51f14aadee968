/** The test bridge as a child: it ends when its standard input closes, so it cannot outlive the test. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bridgeProgram } from './places.mjs';

export class Bridge {
  static async start(home) {
    const child = spawn(bridgeProgram(), ['--data-dir', home.data], { env: home.environment, stdio: ['pipe', 'pipe', 'inherit'] });
    const first = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the bridge ended with ${code} before it had an address`)));
    });
    return new Bridge(child, JSON.parse(first));
  }

  constructor(child, { url, token }) {
    this.child = child;
    this.url = url;
    this.token = token;
    this.origin = new URL(url).origin;
  }

  /** The address of a screen, by its link. */
  at(hash = '') {
    return hash === '' ? this.url : `${this.url}${hash}`;
  }

  /** Calls a command as the page does; a refusal is thrown as its report. */
  async call(name, args = {}) {
    const headers = { 'x-evaldesk-token': this.token, 'content-type': 'application/json' };
    const response = await fetch(`${this.origin}/call/${name}`, { method: 'POST', headers, body: JSON.stringify(args) });
    const text = await response.text();
    const body = text === '' ? null : JSON.parse(text);
    if (!response.ok) throw Object.assign(new Error(body?.message ?? `status ${response.status}`), { report: body });
    return body;
  }

  /** Starts a job and waits for its end. */
  async job(name, args = {}) {
    const { job } = await this.call(name, args);
    for (;;) {
      const record = await this.call('job_show', { job });
      if (record.state === 'done') return record;
      if (!['running', 'cancelling'].includes(record.state)) throw new Error(`${name} ${record.state}: ${record.failure?.message}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async stop() {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    await gone;
  }
}
