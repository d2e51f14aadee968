/** Connections for the pictures: in groups, being edited and tested, found in files, and the databases of a server. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const YML = `default: &default
  adapter: postgresql
  host: <%= ENV['DATABASE_HOST'] || 'localhost' %>
  username: <%= ENV['DATABASE_USERNAME'] || 'postgres' %>
  password: <%= ENV['DATABASE_PASSWORD'] || 'password' %>
  timeout: 5000

development:
  <<: *default
  database: raaf_eval_development
test:
  <<: *default
  database: raaf_eval_test
staging:
  <<: *default
  host: <%= Rails.application.credentials.db_host %>
  database: raaf_eval_staging
production:
  adapter: postgresql
  url: <%= ENV['DATABASE_URL'] %>
`;
const SERVICES = '[analytics]\nhost=db-2.prod.internal\nport=5432\ndbname=warehouse\nuser=reader\nsslmode=verify-full\n\n[broken]\nhost = db\n';
const NAMES = ['connection-edit', 'connection-import', 'connection-groups', 'databases'];

/** Every picture, with what it needs. `wanted` says whether a screen is. */
export async function connectionPictures({ home, bridge }, wanted) {
  if (!NAMES.some(wanted)) return [];
  const yml = write(home, 'app/config/database.yml', YML);
  write(home, '.pg_service.conf', SERVICES);
  write(home, '.pgpass', 'db-eval-1.stg.internal:5432:raaf_eval:deploy:x\ndb-eval-1.prod.internal:5432:*:deploy:x\n*:*:*:*:y\n');
  const server = await home.cli('local', 'start', '--json');
  const password = readFileSync(server.passwordFile, 'utf8').trim();
  const base = { host: '127.0.0.1', port: Number(server.status.port), database: server.status.database, user: server.status.user };
  const save = (profile) => saved(bridge, { ...base, ...profile }, password);
  const staging = await save({ name: 'Staging', group: 'Team', environment: 'staging', color: '#1f6feb', notes: 'Copied from production every night.' });
  const production = await save({ name: 'Production', group: 'Team', environment: 'production', tls: 'verify-full' });
  await save({ name: 'Überlange <script> "Verbindung" 🐘 mit einem Namen, der nirgends ganz hineinpasst', group: 'Eine sehr lange Überschrift für wenige', environment: 'other' });
  const tunnelled = await save({ name: 'Through bastion', group: 'Team', environment: 'staging', host: 'db-1.stg.internal', port: 6432, tls: 'verify-full', ssh: { host: 'bastion.eu', port: 22, user: 'deploy', auth: 'agent', keyFile: null, jump: [], secretPolicy: 'keyring' } });
  const test = async (page) => {
    await page.getByRole('button', { name: /^Test/ }).first().click();
    await page.getByText('The server', { exact: true }).or(page.getByRole('alert')).first().waitFor();
  };
  const dropping = async (page) => {
    await page.getByRole('button', { name: 'More about postgres', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Drop/ }).click();
    await page.getByText('drop database').first().waitFor();
  };
  const more = (item) => async (page) => {
    await page.getByRole('button', { name: /^More about Staging/ }).first().click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  return [
    { screen: 'connection-edit', state: 'tested', hash: `#/connections/${staging}`, then: test },
    { screen: 'connection-edit', state: 'failed', hash: `#/connections/${production}`, then: test },
    { screen: 'connection-edit', state: 'tunnel', hash: `#/connections/${tunnelled}`, then: (page) => page.getByLabel('Jump', { exact: true }).scrollIntoViewIfNeeded() },
    { screen: 'connection-edit', state: 'database-yml', hash: `#/connections/${staging}`, then: more(/database.yml/) },
    { screen: 'connection-groups', state: 'few', hash: '#/connections' },
    { screen: 'connection-import', state: 'rails', hash: `#/connections/import?from=database_yml&path=${encodeURIComponent(yml)}` },
    { screen: 'connection-import', state: 'pgpass', hash: '#/connections/import?from=pgpass' },
    { screen: 'connection-import', state: 'empty', hash: '#/connections/import?from=environment' },
    { screen: 'databases', state: 'few', hash: `#/connections/${staging}/databases` },
    { screen: 'databases', state: 'drop', hash: `#/connections/${staging}/databases`, then: dropping },
  ].filter(({ screen }) => wanted(screen));
}

function write(home, name, text) {
  const file = path.join(home.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o600);
  return file;
}

async function saved(bridge, change, password) {
  const { profile } = await bridge.call('connection_parse_url', { url: 'postgresql://me@localhost/x' });
  const made = await bridge.call('connection_save', { profile: { ...profile, id: '', ...change }, password });
  return made.id;
}
