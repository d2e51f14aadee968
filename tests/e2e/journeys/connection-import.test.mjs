/** Connections that are written down: found, chosen and saved; arranged by keys; and the databases of their server. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { journeys, withLocalData } from '../lib/journey.mjs';

const PASSWORD = 'never-on-the-page-4471';
const journey = journeys((stage) => withLocalData(stage, { runs: 5, results: 20 }));

function write(home, name, text) {
  const file = path.join(home.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

journey('a database.yml is looked at, what is wrong is named by its line, and what is chosen is saved', async ({ page, bridge, home }) => {
  const file = write(home, 'shop/config/database.yml', `development:\n  database: shop_dev\n  password: ${PASSWORD}\nstaging:\n  database: shop\n  host: <%= File.read('x') %>\n`);
  await page.goto(bridge.at('#/connections/import'));
  await page.getByLabel('Path', { exact: true }).fill(file);
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await page.getByText(/^line 6: host: the Ruby/).waitFor();
  await page.getByRole('button', { name: 'Import 1 connection' }).click();
  await page.getByRole('gridcell', { name: 'shop development', exact: true }).waitFor();
  assert.ok(!(await page.innerText('body')).includes(PASSWORD));
  const { connections } = await bridge.call('connection_list');
  const saved = connections.find((one) => one.name === 'shop development');
  assert.deepEqual([saved.database, saved.secretPolicy], ['shop_dev', 'keyring']);
});

journey('what is on this computer is offered before anything is typed', async ({ page, bridge, home }) => {
  write(home, '.pgpass', `db.example:5432:raaf:maria:${PASSWORD}\n`);
  await page.goto(bridge.at('#/connections'));
  await page.getByText('Found on this computer').waitFor();
  await page.getByText('db.example', { exact: true }).waitFor();
});

journey('Alt and an arrow move a connection, and it stays there', async ({ page, bridge }) => {
  const { profile } = await bridge.call('connection_parse_url', { url: 'postgres://me@127.0.0.1:9/raaf' });
  for (const name of ['First <script>', 'Second 🐘']) {
    await bridge.call('connection_save', { profile: { ...profile, id: '', name, group: 'Mine', secretPolicy: 'none' } });
  }
  await page.goto(bridge.at('#/connections'));
  const second = page.locator('[data-connection]', { hasText: 'Second' });
  await second.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForFunction(() => [...document.querySelectorAll('[data-connection] .cut')].findIndex((one) => one.textContent.startsWith('Second')) < [...document.querySelectorAll('[data-connection] .cut')].findIndex((one) => one.textContent.startsWith('First')));
  const { connections } = await bridge.call('connection_list');
  const names = connections.map((one) => one.name);
  assert.ok(names.indexOf('Second 🐘') < names.indexOf('First <script>'), names.join(', '));
});

journey('a database is made by its plan, opened beside, and dropped by its name', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/connections/local/databases'));
  await page.getByRole('gridcell', { name: 'template0', exact: true }).waitFor();
  await page.getByRole('button', { name: 'New database' }).click();
  await page.getByLabel('Name', { exact: true }).fill('second_one');
  await page.getByText('create database', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Make second_one' }).click();
  await page.getByRole('gridcell', { name: 'second_one', exact: true }).waitFor();
  const there = await bridge.call('database_open', { connection: 'local', database: 'second_one' });
  const opened = await bridge.call('connection_open', { connection: there.id });
  assert.equal(opened.server.database, 'second_one');
  await page.getByRole('button', { name: 'More about second_one' }).click();
  await page.getByRole('menuitem', { name: /^Drop second_one/ }).click();
  await page.getByLabel('Type second_one to go on').fill('second_one');
  await page.getByRole('button', { name: 'Drop second_one', exact: true }).click();
  await page.getByRole('gridcell', { name: 'second_one', exact: true }).waitFor({ state: 'detached' });
});
