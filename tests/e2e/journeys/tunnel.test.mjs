/** A database behind an SSH server, from the empty form to rows; and a server that is another than before. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { Sshd } from '../lib/sshd.mjs';

let sshd;
const journey = journeys(async (stage) => {
  await stage.home.cli('local', 'start', '--json');
  await withLocalData(stage, { runs: 5, results: 20 });
  sshd = await Sshd.start(stage.home);
  await stage.home.cli('query', `create role ${USER} superuser login password '${PASSWORD}'`, '--yes', '--json');
});
after(() => sshd?.remove());

const NAME = 'Behind a bastion';
const USER = 'traveller';
const PASSWORD = randomBytes(12).toString('hex');
const grid = (page) => page.getByRole('grid').filter({ visible: true });
const editor = (page) => page.getByRole('textbox', { name: /^SQL of/ });

async function fill(page, bridge) {
  const { connections } = await bridge.call('connection_list');
  const { port, database } = connections.find((one) => one.id === 'local');
  await page.goto(bridge.at('#/connections/new'));
  await page.getByLabel('Address', { exact: true }).fill(`postgresql://${USER}@127.0.0.1:${port}/${database}`);
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some((one) => one.value.includes(' on 127.0.0.1')));
  await page.getByLabel('Name', { exact: true }).fill(NAME);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Through an SSH server').check();
  await page.getByLabel('SSH server', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('SSH user', { exact: true }).fill(sshd.user);
  await page.getByLabel('SSH port', { exact: true }).fill(String(sshd.port));
  await page.getByLabel('Sign in by', { exact: true }).selectOption('key');
  await page.getByLabel('Key', { exact: true }).fill(sshd.key);
}

journey('an unknown server is asked about by its fingerprint, and its database is queried through it', async ({ page, bridge }) => {
  await fill(page, bridge);
  await page.getByRole('button', { name: /^Test/ }).click();
  await page.getByText(sshd.fingerprint).first().waitFor();
  await page.getByRole('button', { name: 'Accept this key' }).click();
  await page.getByText(/^Tunnel/).first().waitFor();
  await page.getByText(/PostgreSQL 1\d/).first().waitFor();
  await page.getByRole('button', { name: /^Save/ }).first().click();
  const saved = async () => (await bridge.call('connection_list')).connections.find((one) => one.name === NAME);
  for (let tries = 0; tries < 50 && !(await saved()); tries += 1) await page.waitForTimeout(100);
  await queried(page, bridge, (await saved()).id);
});

journey('a tunnel that died is opened again by the next query', async ({ page, bridge }) => {
  await sshd.kill();
  await sshd.run();
  const { connections } = await bridge.call('connection_list');
  await queried(page, bridge, connections.find((one) => one.name === NAME).id);
});

journey('a server whose key has changed is refused, with both fingerprints and no button to go on', async ({ page, bridge }) => {
  const before = sshd.fingerprint;
  await sshd.kill();
  sshd.changeHostKey();
  await sshd.run();
  const { connections } = await bridge.call('connection_list');
  await page.goto(bridge.at(`#/connections/${connections.find((one) => one.name === NAME).id}`));
  await page.getByRole('button', { name: /^Test/ }).click();
  await page.getByText(sshd.fingerprint).first().waitFor();
  const said = await page.innerText('body');
  assert.ok(said.includes(before), said);
  assert.equal(await page.getByRole('button', { name: 'Accept this key' }).count(), 0);
});

async function queried(page, bridge, connection) {
  await page.goto(bridge.at(`#/c/${connection}/query/t${Date.now().toString(36)}`));
  await editor(page).click();
  await page.keyboard.insertText("select 'by the tunnel' as way");
  await page.keyboard.press('Control+Shift+Enter');
  await grid(page).getByRole('gridcell').filter({ hasText: 'by the tunnel' }).waitFor();
}
