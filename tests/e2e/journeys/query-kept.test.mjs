/** What stays of queries: files that are saved and opened, a history that is searched and run again by nobody but a person. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { asked, done, editor, run, tab, write } from '../lib/querying.mjs';

const journey = journeys(async (stage) => withLocalData(stage, { runs: 2, results: 4 }));

const beside = (page) => page.getByRole('complementary', { name: 'Saved queries and history' });
async function open(page, part) {
  await page.getByRole('button', { name: 'Saved queries and history' }).click();
  await beside(page).getByRole('radio', { name: part }).click();
}

journey('a statement is found in the history and opened again, and nothing runs by that', async ({ page, bridge }) => {
  await asked(bridge, 'create table counted (n int); insert into counted values (1)');
  const name = await tab(page, bridge);
  await run(page, 'insert into counted values (4711) returning n');
  await done(page);
  await run(page, 'select 1 as something_else');
  await done(page);
  await open(page, 'History');
  await beside(page).getByRole('option').filter({ hasText: 'something_else' }).waitFor();
  await beside(page).getByRole('searchbox', { name: 'Search' }).fill('4711');
  await beside(page).getByRole('option').filter({ hasText: 'something_else' }).waitFor({ state: 'detached' });
  await beside(page).getByRole('option').first().click();
  await beside(page).getByText('it does not run by that').waitFor();
  await beside(page).getByRole('button', { name: 'Open' }).click();
  await page.waitForURL((url) => !url.hash.includes(name));
  await editor(page).filter({ visible: true }).filter({ hasText: '4711' }).waitFor();
  assert.deepEqual(await asked(bridge, 'select count(*) from counted'), [['2']]);
});

journey('a query is saved as a file, opened from the list, changed, and saved again', async ({ page, bridge }) => {
  const first = await tab(page, bridge);
  await write(page, 'select 1 as kept_in_a_file');
  await page.keyboard.press('Control+S');
  const dialog = page.getByRole('dialog', { name: 'Save the query' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('release/kept here');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const read = () => bridge.call('query_file_read', { path: 'release/kept here.sql', connection: 'local' });
  assert.equal((await read()).text, 'select 1 as kept_in_a_file');
  await tab(page, bridge);
  await open(page, 'Saved');
  await beside(page).getByRole('searchbox', { name: 'Search' }).fill('kept here');
  await beside(page).getByRole('option').filter({ hasText: 'kept here' }).click();
  // It is open in the first tab: there is one draft of a file.
  await beside(page).getByText('select 1 as kept_in_a_file').waitFor();
  await beside(page).getByRole('button', { name: 'Go to its tab' }).click();
  await page.waitForURL((url) => url.hash.includes(first));
  await editor(page).filter({ visible: true }).filter({ hasText: 'kept_in_a_file' }).waitFor();
  await write(page, 'select 2 as kept_in_a_file');
  await page.keyboard.press('Control+S');
  await page.getByText('Saved', { exact: false }).first().waitFor();
  for (let tries = 0; tries < 40 && !(await read()).text.includes('select 2'); tries += 1) await page.waitForTimeout(100);
  assert.equal((await read()).text, 'select 2 as kept_in_a_file');
});
