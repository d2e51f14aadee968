/** The first start: nothing is there, and one click later there are runs. */
import assert from 'node:assert/strict';
import { journeys } from '../lib/journey.mjs';

const journey = journeys();

journey('from the welcome screen to a run, its results and a conversation', async ({ page, bridge }) => {
  await page.goto(bridge.url);
  await page.getByRole('heading', { name: 'Welcome to Evaldesk' }).waitFor();
  assert.equal(new URL(page.url()).search, '', 'the token leaves the address at once');

  await page.getByRole('button', { name: /Open the local database/ }).click();
  await page.getByRole('grid', { name: 'Evaluation tables' }).waitFor({ timeout: 90_000 });

  await page.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  const grid = page.getByRole('grid', { name: 'Runs' });
  await grid.getByRole('row').nth(1).waitFor();
  assert.ok((await grid.getByRole('row').count()) > 10);

  await grid.getByRole('row').nth(1).dblclick();
  await page.getByRole('grid', { name: 'Configurations' }).waitFor();
  await page.getByRole('grid', { name: 'Results' }).getByRole('row').nth(1).waitFor();
});
