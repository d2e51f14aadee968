/** The databases of the pictures: nothing, a few rows, a million, long names, and one that cannot be reached. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { engine } from './places.mjs';

const run = promisify(execFile);
const LONG = 'Überlange Bezeichnung eines nächtlichen Vergleichslaufs mit allen Anbietern, 評価の実行 und 🦀, ';

export async function makeDatabases(home, bridge, { results }) {
  const server = await home.cli('local', 'start', '--json');
  const password = readFileSync(server.passwordFile, 'utf8').trim();
  const { port } = server.status;
  const sql = (database, text) =>
    run(path.join(engine(), 'bin/psql'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', port, '-U', 'evaldesk', '-d', database, '-c', text], {
      env: { ...home.environment, PGPASSWORD: password },
    });

  const made = {};
  /** Filled as a development database, and only then what it is to look like: production guards itself. */
  const make = async (name, title, fill, looks = {}) => {
    await sql('postgres', `create database ${name}`);
    const id = await save(bridge, { title, port, database: name, password });
    await migrate(bridge, id);
    await fill?.(id);
    made[name] = await save(bridge, { id, title, port, database: name, password, ...looks });
  };
  const demo = (runs, count) => (connection) => bridge.job('demo_load', { connection, runs, results: count, seed: 7 });

  await make('empty', 'Empty', null);
  await make('few', 'Staging', demo(6, 30), { environment: 'staging' });
  await make('long', `${LONG}Zeichen um Zeichen`, async (connection) => {
    await demo(4, 20)(connection);
    await sql('long', `update evaluation_runs set name = repeat('${LONG}', 4), initiated_by = repeat('a.very.long.account.', 6);
      update evaluation_configurations set name = repeat('${LONG}', 3);
      update evaluation_results set error_message = repeat('${LONG}', 20) where status = 'failed';
      create table "Tabelle mit ""Anführung"" und einem Namen bis an die Grenze" (id int);`);
  }, { environment: 'development' });
  await make('million', 'Production', demo(Math.max(200, Math.round(results / 2000)), results), { environment: 'production', readOnly: true });
  made.error = await save(bridge, { title: 'Unreachable', port: 9, database: 'raaf', password: 'x', environment: 'test' });
  return made;
}

async function save(bridge, { id = '', title, port, database, password, ...looks }) {
  const { profile } = await bridge.call('connection_parse_url', { url: `postgresql://evaldesk@127.0.0.1:${port}/${database}` });
  const whole = { ...profile, id, name: title, environment: 'development', secretPolicy: 'keyring', ...looks };
  return (await bridge.call('connection_save', { profile: whole, password })).id;
}

async function migrate(bridge, connection) {
  const plan = await bridge.call('migrate_plan', { connection, request: { kind: 'up' } });
  await bridge.job('migrate_apply', { connection, plan });
}
