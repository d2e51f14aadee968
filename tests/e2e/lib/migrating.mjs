/** A database of its own with a folder of migrations, and the files to put there. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { engine } from './places.mjs';

const run = promisify(execFile);

export class Migrating {
  /** The local server, running until the home is removed. */
  static async start({ home, bridge }) {
    const server = await home.cli('local', 'start', '--json');
    return new Migrating(home, bridge, server.status.port, readFileSync(server.passwordFile, 'utf8').trim());
  }

  constructor(home, bridge, port, password) {
    Object.assign(this, { home, bridge, port, password });
  }

  /** A fresh database and a connection to it; `folder` names the folder that it shares with others. */
  async connect(name, { folder = name, files = {}, ...looks } = {}) {
    await this.sql('postgres', `create database ${name}`);
    this.write(folder, files);
    return this.save(name, { folder, ...looks });
  }

  async save(name, { id = '', folder = name, title = name, migrations = {}, password = this.password, ...looks } = {}) {
    const { profile } = await this.bridge.call('connection_parse_url', { url: `postgresql://evaldesk@127.0.0.1:${this.port}/${name}` });
    const settings = { folder: this.folder(folder), rake: null, ownSchema: true, after: null, ...migrations };
    const whole = { ...profile, id, name: title, environment: 'development', secretPolicy: 'keyring', ...looks, migrations: settings };
    return (await this.bridge.call('connection_save', { profile: whole, password })).id;
  }

  folder(name) {
    const folder = path.join(this.home.folder, 'migrations', name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Files by version and name: `{ '1_a': { up, down, verify } }`; a text alone is the up part. */
  write(folder, files) {
    for (const [name, parts] of Object.entries(files)) {
      const texts = typeof parts === 'string' ? { up: parts } : parts;
      for (const [part, text] of Object.entries(texts)) writeFileSync(path.join(this.folder(folder), `${name}.${part}.sql`), text);
    }
  }

  sql(database, text) {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', this.port, '-U', 'evaldesk', '-d', database, '-c', text];
    return run(path.join(engine(), 'bin/psql'), args, { env: { ...this.home.environment, PGPASSWORD: this.password } }).then(({ stdout }) => stdout.trim());
  }

  /** Plans and applies without going through the screens. */
  async apply(connection, request = { kind: 'up' }) {
    const plan = await this.bridge.call('migrate_plan', { connection, request });
    return this.bridge.job('migrate_apply', { connection, plan, confirm: null });
  }
}
