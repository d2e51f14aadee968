/** What stands on the way to a database, met while opening it and while working: an SSH server nobody knows, a pooler. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { Pgbouncer } from '../lib/pgbouncer.mjs';
import { Sshd } from '../lib/sshd.mjs';

const USER = 'wayfarer';
const PASSWORD = randomBytes(12).toString('hex');
let sshd;
let pooler;
let local;
const journey = journeys(async (stage) => {
  await stage.home.cli('local', 'start', '--json');
  await withLocalData(stage, { runs: 5, results: 20 });
  await stage.home.cli('query', `create role ${USER} superuser login password '${PASSWORD}'`, '--yes', '--json');
  const { connections } = await stage.bridge.call('connection_list');
  local = connections.find((one) => one.id === 'local');
  sshd = await Sshd.start(stage.home);
  pooler = await Pgbouncer.before(local.port, { user: USER, password: PASSWORD });
});
after(async () => {
  await sshd?.remove();
  await pooler?.remove();
});

async function saved(bridge, change) {
  const { profile } = await bridge.call('connection_parse_url', { url: `postgresql://${USER}@127.0.0.1/${local.database}` });
  const made = await bridge.call('connection_save', { profile: { ...profile, id: '', secretPolicy: 'ask', ...change }, password: PASSWORD });
  return made.id;
}

const editor = (page) => page.getByRole('textbox', { name: /^SQL of/ });
const cell = (page, text) => page.getByRole('grid').filter({ visible: true }).getByRole('gridcell').filter({ hasText: text });

async function run(page, sql) {
  await editor(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Backspace');
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Shift+Enter');
}

journey('an SSH server that nobody knows is asked about while a connection opens, and then it opens', async ({ page, bridge }) => {
  const ssh = { host: '127.0.0.1', port: sshd.port, user: sshd.user, auth: 'key', keyFile: sshd.key, jump: [], secretPolicy: 'ask' };
  const id = await saved(bridge, { name: 'Behind a bastion', port: local.port, ssh });
  await page.goto(bridge.at(`#/c/${id}/overview`));
  const dialog = page.getByRole('alertdialog', { name: /Accept the SSH server’s key for Behind a bastion/ });
  await dialog.waitFor();
  const asked = await dialog.innerText();
  for (const part of [`[127.0.0.1]:${sshd.port}`, 'ssh-ed25519', sshd.fingerprint]) assert.ok(asked.includes(part), asked);
  await dialog.getByRole('button', { name: 'Accept this key' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(/PostgreSQL 1\d/).first().waitFor();
});

journey('a tab behind a pooler reads, writes and says what is not for it', async ({ page, bridge }) => {
  const id = await saved(bridge, { name: 'Pooled', port: pooler.port, writes: 'free' });
  await page.goto(bridge.at(`#/c/${id}/query/t${Date.now().toString(36)}`));
  await run(page, "create table pooled (n int); insert into pooled values (1); select 'by the pooler' as way, count(*) from pooled");
  await cell(page, 'by the pooler').waitFor();
  await page.getByText('through a pooler').first().waitFor();
  await run(page, "set work_mem = '1GB'");
  await page.getByText(/shares the server.s sessions/).first().waitFor();
  await page.getByText(new RegExp(`127\\.0\\.0\\.1:${local.port}`)).first().waitFor();
  await run(page, 'begin; insert into pooled values (2)');
  await page.getByText('A transaction is open').waitFor();
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.getByText('A transaction is open').waitFor({ state: 'detached' });
  await run(page, "select 'rows: ' || count(*) as kept from pooled");
  await cell(page, 'rows: 1').waitFor();
});
