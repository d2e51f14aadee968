/** PgBouncer before the private server, as Debian packs it, run by an account that is not root. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((one) => existsSync(one));
const number = (word) => Number(execFileSync('id', [word, 'postgres'], { encoding: 'utf8' }));

export class Pgbouncer {
  /** In transaction mode, for one user whose password it knows. */
  static async before(server, { user, password }) {
    if (!PROGRAM) throw new Error('PgBouncer is missing: `cargo xtask test` installs it');
    const pooler = new Pgbouncer(await freePort());
    const { folder, port, account } = pooler;
    write(account, folder, 'users', `"${user}" "${password}"\n`);
    write(account, folder, 'ini', `[databases]\n* = host=127.0.0.1 port=${server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = plain\nauth_file = ${folder}/users\npool_mode = transaction\nlogfile = /dev/null\n`);
    pooler.process = spawn(PROGRAM, ['-q', path.join(folder, 'ini')], { ...account, stdio: 'ignore' });
    for (let tries = 0; tries < 200; tries += 1) {
      if (await listens(port)) return pooler;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('PgBouncer does not listen');
  }

  constructor(port) {
    this.port = port;
    this.account = process.getuid() === 0 ? { uid: number('-u'), gid: number('-g') } : {};
    this.folder = mkdtempSync('/tmp/evaldesk-pgbouncer-');
    chmodSync(this.folder, 0o755);
  }

  async remove() {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function write(account, folder, name, text) {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  if (account.uid !== undefined) chownSync(file, account.uid, account.gid);
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

const listens = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });
