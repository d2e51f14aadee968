/** Rows that are changed in the grid: staged, shown as SQL, applied, and only where they may be. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { asked, cells, connectionTo, done, grid, head, run, tab } from '../lib/querying.mjs';

const journey = journeys(async (stage) => {
  stage.server = await stage.home.cli('local', 'start', '--json');
  await withLocalData(stage, { runs: 2, results: 4 });
});

let made = 0;
/** A table of its own, with five rows. */
async function table(bridge, columns = 'id int primary key, name text, note text') {
  const name = `edited_${(made += 1)}`;
  await asked(bridge, `create table ${name} (${columns}); insert into ${name} select n, 'name ' || n, case when n > 2 then 'note' end from generate_series(1, 5) n`);
  return name;
}
const names = async (bridge, table) => (await asked(bridge, `select id, name, note from ${table} order by id`)).map((row) => row.join('|'));
const open = async (page, bridge, table, more = {}) => {
  await tab(page, bridge, more);
  await run(page, `select id, name, note from ${table} order by id`);
  await done(page);
};
const dialog = (page) => page.getByRole('alertdialog');
async function apply(page, changes) {
  await page.getByRole('button', { name: 'Review…' }).click();
  await dialog(page).getByRole('button', { name: `Write ${changes}` }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

journey('a cell is changed by the keyboard, its SQL is seen, and the row is changed in the database', async ({ page, bridge }) => {
  const table_ = await table(bridge);
  await open(page, bridge, table_);
  await grid(page).focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'F2']) await page.keyboard.press(key);
  await page.getByRole('textbox', { name: 'New value of name' }).fill("it's new");
  await page.keyboard.press('Enter');
  await page.getByText(`1 change of ${table_}`).waitFor();
  assert.ok((await names(bridge, table_)).includes('2|name 2|'), 'nothing is written before it is seen');
  await page.getByRole('button', { name: 'Review…' }).click();
  await dialog(page).getByText("set \"name\" = 'it''s new'").waitFor();
  await dialog(page).getByText(`"name" = 'name 2'`).waitFor();
  await dialog(page).getByRole('button', { name: 'Write 1 change' }).click();
  await page.getByText(`1 row of ${table_} written`).waitFor();
  assert.deepEqual((await names(bridge, table_))[1], "2|it's new|");
  await cells(page).filter({ hasText: "it's new" }).waitFor();
});

journey('rows are inserted and deleted, NULL is set, and a change can be taken back', async ({ page, bridge }) => {
  const table_ = await table(bridge);
  await open(page, bridge, table_);
  await grid(page).focus();
  await page.keyboard.press('Control+Delete');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+Backspace');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+Delete');
  await page.getByText(`3 changes of ${table_}`).waitFor();
  await page.keyboard.press('Control+Delete');
  await page.getByText(`2 changes of ${table_}`).waitFor();
  await page.keyboard.press('Control+Insert');
  await grid(page).getByRole('rowheader', { name: 'new' }).waitFor();
  await page.getByText('New row', { exact: true }).waitFor();
  await cells(page).filter({ hasText: 'default' }).first().waitFor();
  await page.keyboard.press('F2');
  await page.keyboard.type('99');
  await page.keyboard.press('Tab');
  await page.keyboard.type('made here');
  await page.keyboard.press('Enter');
  await apply(page, '3 changes');
  await page.getByText('3 rows of').waitFor();
  assert.deepEqual(await names(bridge, table_), ['2||', '3|name 3|note', '4|name 4|note', '5|name 5|note', '99|made here|']);
});

journey('in another order and filtered, a change reaches the row that is seen, and the order stays', async ({ page, bridge }) => {
  const table_ = await table(bridge);
  await open(page, bridge, table_);
  await head(page, /id/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await head(page, /note/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('note');
  await page.keyboard.press('Enter');
  await page.getByText('sorted and filtered here, over all 5 rows').waitFor();
  await cells(page).nth(1).filter({ hasText: 'name 5' }).dblclick();
  await page.getByRole('textbox', { name: 'New value of name' }).fill('the last one');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Delete');
  await apply(page, '2 changes');
  await page.getByText('2 rows of').waitFor();
  assert.deepEqual(await names(bridge, table_), ['1|name 1|', '2|name 2|', '3|name 3|note', '5|the last one|note']);
  await page.getByText('sorted and filtered here, over all 4 rows').waitFor();
  await cells(page).nth(1).filter({ hasText: 'the last one' }).waitFor();
});

journey('what somebody else changed meanwhile is a conflict, and nothing is written', async ({ page, bridge }) => {
  const table_ = await table(bridge);
  await open(page, bridge, table_);
  await cells(page).nth(1).dblclick();
  await page.getByRole('textbox', { name: 'New value of name' }).fill('mine');
  await page.keyboard.press('Enter');
  await asked(bridge, `update ${table_} set name = 'theirs' where id = 1`);
  await page.getByRole('button', { name: 'Review…' }).click();
  await dialog(page).getByRole('button', { name: 'Write 1 change' }).click();
  await dialog(page).getByText('found its row changed or gone since it was read').waitFor();
  assert.equal((await names(bridge, table_))[0], '1|theirs|');
});

journey('without a key the grid says why it cannot, also to who asks by the menu', async ({ page, bridge }) => {
  await asked(bridge, 'create table without_key (a int, b text); insert into without_key values (1, null)');
  await tab(page, bridge);
  await run(page, 'select * from without_key');
  await done(page);
  await page.getByText('read only: public.without_key has no primary key').waitFor();
  await cells(page).first().click({ button: 'right' });
  const edit = page.getByRole('menuitem', { name: 'Edit' });
  assert.equal(await edit.getAttribute('aria-disabled'), 'true');
  assert.match(await edit.getAttribute('title'), /no primary key/);
});

journey('production and a read-only connection refuse to change a row', async ({ page, bridge, server }) => {
  const table_ = await table(bridge);
  for (const looks of [{ name: 'Live', environment: 'production' }, { name: 'Looking only', readOnly: true }]) {
    const connection = await connectionTo(server, bridge, looks);
    await open(page, bridge, table_, { connection });
    await cells(page).nth(1).dblclick();
    const field = page.getByRole('textbox', { name: 'New value of name' });
    if (await field.isVisible().catch(() => false)) {
      await field.fill('never');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Review…' }).click();
      await page.getByText('its rows are not edited').waitFor();
      await page.getByRole('button', { name: 'Discard' }).click();
    }
  }
  assert.equal((await names(bridge, table_))[0], '1|name 1|');
});
