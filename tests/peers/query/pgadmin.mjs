/** pgAdmin's own server runs a query as its query tool does: when its first page is there, and whether that is all. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory, watch } from './processes.mjs';

const [python, folder, host, port, user, database, sql] = process.argv.slice(2);
const home = mkdtempSync(path.join(tmpdir(), 'pgadmin-'));
const web = 41_000 + Math.floor(Math.random() * 9_000);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const settings = { SERVER_MODE: 'False', MASTER_PASSWORD_REQUIRED: 'False', UPGRADE_CHECK_ENABLED: 'False', DATA_DIR: JSON.stringify(home), LOG_FILE: JSON.stringify(path.join(home, 'log')) };
const begin = `import builtins, sys; builtins.SERVER_MODE = False; sys.path.insert(0, ${JSON.stringify(folder)}); import config\n` + Object.entries(settings).map(([name, value]) => `config.${name} = ${value}`).join('\n') + `\nconfig.SQLITE_PATH = ${JSON.stringify(path.join(home, 'pgadmin4.db'))}\nconfig.SESSION_DB_PATH = ${JSON.stringify(path.join(home, 'sessions'))}\nconfig.AZURE_CREDENTIAL_CACHE_DIR = ${JSON.stringify(path.join(home, 'azure'))}\nconfig.STORAGE_DIR = ${JSON.stringify(path.join(home, 'storage'))}\nimport runpy, os; os.chdir(${JSON.stringify(folder)})\n`;
const environment = { ...process.env, HOME: home, PGADMIN_INT_KEY: 'bench', PGADMIN_INT_PORT: String(web), PGADMIN_SERVER_MODE: 'OFF' };
const script = path.join(home, 'start.py');
writeFileSync(script, `${begin}runpy.run_path(${JSON.stringify(path.join(folder, 'pgAdmin4.py'))}, run_name='__main__')\n`);
const server = spawn(python, [script], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
let complaint = '';
server.stderr.on('data', (data) => (complaint = (complaint + data).slice(-2000)));
const base = `http://127.0.0.1:${web}`;
const cookies = new Map();
let token = null;

async function call(method, route, body) {
  const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), 'content-type': 'application/json', 'x-pga-csrftoken': token ?? '' };
  const reply = await fetch(base + route, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), redirect: 'manual' });
  for (const cookie of reply.headers.getSetCookie()) cookies.set(cookie.split(';')[0].split('=')[0], cookie.split(';')[0].split('=').slice(1).join('='));
  const text = await reply.text();
  if (reply.status >= 400) throw new Error(`${method} ${route}: ${reply.status} ${text.slice(0, 500)}`);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

try {
  for (let tries = 0; tries < 600; tries++) {
    if ((await fetch(`${base}/misc/ping`).catch(() => null))?.ok) break;
    await wait(100);
  }
  await call('GET', '/?key=bench');
  await call('GET', '/browser/?key=bench');
  token = /csrf_token'\] = '([^']+)'/.exec(await call('GET', '/browser/js/utils.js'))?.[1] ?? null;
  const made = await call('POST', '/browser/server/obj/1/', { name: 'bench', host, port: Number(port), db: database, username: user, sslmode: 'disable', connect_now: false, connection_params: [{ name: 'sslmode', keyword: 'sslmode', value: 'prefer' }] });
  const id = made.node._id;
  await call('POST', `/browser/server/connect/1/${id}`, { password: process.env.BENCH_PASSWORD || 'none' });
  const databases = await call('GET', `/browser/database/nodes/1/${id}/`);
  const did = databases.data.find((one) => one.label === database || one._label === database)._id;
  const task = 4242;
  await call('POST', `/sqleditor/initialize/sqleditor/${task}/1/${id}/${did}`, { dbname: database, user, role: null });
  await wait(1000);
  const before = memory(server.pid);
  const stop = watch(server.pid);
  const begun = performance.now();
  await call('POST', `/sqleditor/query_tool/start/${task}`, { sql, explain_plan: null });
  let reply;
  do {
    reply = await call('GET', `/sqleditor/poll/${task}`);
  } while (reply.data.status !== 'Success');
  const page = performance.now() - begun;
  console.log(JSON.stringify({ firstRowsMs: page, allRowsMs: page, rowsInFirstPage: reply.data.result?.length, rows: reply.data.rows_affected, memoryMb: stop() - before, memoryWholeMb: stop() }));
} catch (error) {
  console.error(String(error), complaint);
  process.exitCode = 1;
} finally {
  server.kill();
  await wait(500);
  rmSync(home, { recursive: true, force: true });
  process.exit();
}
