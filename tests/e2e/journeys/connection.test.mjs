/** Connecting: a wrong password is called wrong, a closed port refused, and the right one opens. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';

const journey = journeys((stage) => withLocalData(stage, { runs: 5, results: 20 }));

async function fill(page, url, name) {
  await page.getByLabel('Address', { exact: true }).fill(url);
  // The fields follow the address: a name is suggested, and only then is it ours to change.
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some((one) => one.value.includes(' on 127.0.0.1')));
  await page.getByLabel('Name', { exact: true }).fill(name);
}

async function local(bridge) {
  const { connections } = await bridge.call('connection_list');
  return connections.find((one) => one.id === 'local');
}

journey('a wrong password shows the true cause, and not the password', async ({ page, bridge }) => {
  const { port, database, user } = await local(bridge);
  await page.goto(bridge.at('#/connections/new'));
  await fill(page, `postgresql://${user}@127.0.0.1:${port}/${database}`, 'Wrong');
  await page.getByLabel('Password', { exact: true }).fill('not-the-password-77');
  await page.getByRole('button', { name: /^Test/ }).click();
  await page.getByText(`did not accept user ${user}`).first().waitFor();
  await page.getByText(/^The server refused/).waitFor();
  assert.ok(!(await page.innerText('body')).includes('not-the-password-77'));
});

journey('a port where nothing listens is said to refuse', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/connections/new'));
  await fill(page, 'postgresql://me@127.0.0.1:9/raaf', 'Closed');
  await page.getByRole('button', { name: /^Test/ }).click();
  await page.getByText(/refused|nothing listens/i).first().waitFor();
});

journey('a production connection is marked as one on every tab', async ({ page, bridge }) => {
  const profile = await local(bridge);
  await bridge.call('connection_save', {
    profile: { ...profile, id: '', name: 'Prod <script>', environment: 'production', local: false, secretPolicy: 'ask' },
  });
  await page.goto(bridge.at('#/connections'));
  await page.getByText('Prod <script>').first().waitFor();
  await page.getByText(/production/i).first().waitFor();
});
