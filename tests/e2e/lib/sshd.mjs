/** OpenSSH's own server, with keys of its own, run by an account that is not root: it knows that account and one key. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';

const PROGRAM = '/usr/sbin/sshd';
const number = (word, name) => Number(execFileSync('id', [word, name], { encoding: 'utf8' }));

export class Sshd {
  static async start(home) {
    const server = new Sshd(home, await freePort());
    server.changeHostKey();
    keygen(server.key);
    copyFileSync(`${server.key}.pub`, path.join(server.folder, 'authorized_keys'));
    const { folder } = server;
    writeFileSync(path.join(folder, 'config'), `Port ${server.port}\nListenAddress 127.0.0.1\nHostKey ${folder}/host_key\nPidFile none\nAuthorizedKeysFile ${folder}/authorized_keys\nStrictModes no\nUsePAM no\n`);
    await server.run();
    return server;
  }

  constructor(home, port) {
    this.port = port;
    const root = process.getuid() === 0;
    this.user = root ? 'postgres' : userInfo().username;
    this.account = root ? { uid: number('-u', this.user), gid: number('-g', this.user) } : {};
    this.folder = mkdtempSync('/tmp/evaldesk-sshd-');
    chmodSync(this.folder, 0o755);
    this.key = path.join(home.folder, 'ssh-key');
  }

  /** Another server by its key, once it runs again. */
  changeHostKey() {
    const key = path.join(this.folder, 'host_key');
    for (const file of [key, `${key}.pub`]) rmSync(file, { force: true });
    keygen(key);
    if (this.account.uid !== undefined) chownSync(key, this.account.uid, this.account.gid);
  }

  /** As ssh-keygen shows it. */
  get fingerprint() {
    return execFileSync('ssh-keygen', ['-lf', path.join(this.folder, 'host_key.pub')], { encoding: 'utf8' }).split(' ')[1];
  }

  async run() {
    this.process = spawn(PROGRAM, ['-D', '-f', path.join(this.folder, 'config'), '-E', '/dev/null'], { ...this.account, stdio: 'ignore' });
    for (let tries = 0; tries < 200; tries += 1) {
      if (await listens(this.port)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('sshd does not listen: `cargo xtask test` installs it');
  }

  /** Ends it with all of its sessions, as a power cut would. */
  async kill() {
    const ended = new Promise((done) => this.process.once('exit', done));
    for (const id of below(this.process.pid).reverse()) {
      try {
        process.kill(id, 'SIGKILL');
      } catch (error) {
        // A session that ended by itself meanwhile.
        if (error.code !== 'ESRCH') throw error;
      }
    }
    await ended;
  }

  async remove() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function keygen(file) {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
}

function below(id) {
  const children = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const of = (one) => [one, ...children.filter(([, parent]) => parent === one).flatMap(([child]) => of(child))];
  return of(id);
}

function listens(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
