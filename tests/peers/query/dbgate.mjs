/** DbGate's own server runs a query into its own store: when its first page can be read, and when the last row is there. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory, watch } from './processes.mjs';

const [program, host, port, user, database, sql] = process.argv.slice(2);
const home = mkdtempSync(path.join(tmpdir(), 'dbgate-'));
const web = 31_000 + Math.floor(Math.random() * 9_000);
const connection = { CONNECTIONS: 'pg', ENGINE_pg: 'postgres@dbgate-plugin-postgres', SERVER_pg: host, PORT_pg: port, USER_pg: user, PASSWORD_pg: process.env.BENCH_PASSWORD ?? '', DATABASE_pg: database };
const server = spawn(process.execPath, [program], { env: { ...process.env, ...connection, PORT: String(web), HOME: home, WORKSPACE_DIR: home, NODE_ENV: 'production' }, stdio: 'ignore' });
const base = `http://127.0.0.1:${web}`;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let token = null;

async function call(route, body = {}) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const reply = await fetch(base + route, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${route}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

async function events(onevent) {
  const reply = await fetch(`${base}/stream?strmid=bench`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const part of reply.body) {
    rest += decoder.decode(part, { stream: true });
    const whole = rest.split('\n\n');
    rest = whole.pop();
    for (const text of whole) onevent(/event: (.*)/.exec(text)?.[1] ?? '', /data: (.*)/.exec(text)?.[1] ?? 'null');
  }
}

try {
  for (let tries = 0; tries < 200; tries++) {
    if ((await fetch(`${base}/health`).catch(() => null))?.ok) break;
    await wait(100);
  }
  token = (await call('/auth/login', { amoid: 'none' }).catch(() => ({}))).accessToken ?? null;
  const { sesid } = await call('/sessions/create', { conid: 'pg', database });
  await wait(1500);
  const before = memory(server.pid);
  const stop = watch(server.pid);
  let set = null;
  const done = new Promise((resolve) => void events((name, data) => {
    if (name === `session-recordset-${sesid}`) set = JSON.parse(data).jslid;
    if (name === `session-done-${sesid}`) resolve();
  }).catch(() => undefined));
  await wait(200);
  const begun = performance.now();
  await call('/sessions/execute-query', { sesid, sql });
  let first = null;
  const poll = (async () => {
    for (; first === null; await wait(5)) {
      if (set === null) continue;
      const rows = await call('/jsldata/get-rows', { jslid: set, offset: 0, limit: 100 }).catch(() => []);
      if (rows.length > 0) first = performance.now() - begun;
    }
  })();
  await done;
  const all = performance.now() - begun;
  await Promise.race([poll, wait(3000)]);
  console.log(JSON.stringify({ firstRowsMs: first, allRowsMs: all, memoryMb: stop() - before, memoryWholeMb: stop() }));
} finally {
  server.kill();
  await wait(300);
  rmSync(home, { recursive: true, force: true });
  process.exit(0);
}
