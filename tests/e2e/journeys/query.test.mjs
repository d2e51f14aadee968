/** The query workbench: text that is never lost, results of any size, a cancel that arrives, and the keyboard alone. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { cells, connectionTo, done, editor, grid, head, run, tab, write } from '../lib/querying.mjs';

const journey = journeys(async (stage) => {
  stage.server = await stage.home.cli('local', 'start', '--json');
  await withLocalData(stage);
});

journey('typed text survives a reload, and nothing is run by it', async ({ page, bridge }) => {
  const name = await tab(page, bridge);
  await write(page, 'create table made_by_a_reload ();');
  await page.waitForTimeout(900);
  await page.reload();
  await editor(page).filter({ hasText: 'made_by_a_reload' }).waitFor();
  await page.getByText('Nothing has run in this tab').waitFor();
  const state = await bridge.call('query_state', { tab: name });
  assert.deepEqual([state.run, state.pid], [0, null]);
});

journey('the statement at the cursor runs, and its rows stand in the grid', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select 1 as one;\nselect 12345678901234567890.5 as big, null as nothing, '' as empty;", 'Control+Enter');
  await done(page);
  const texts = await cells(page).allInnerTexts();
  assert.deepEqual(texts.map((text) => text.split(',')[0].trim()), ['12345678901234567890.5', 'NULL', 'empty string']);
});

journey('an error is marked at its place and said in words', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, 'select 1;\nselect nme from evaluation_runs;');
  await done(page, 'Failed');
  await page.getByRole('tab', { name: /Messages/ }).click();
  await page.getByText('column "nme" does not exist', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Show the place' }).first().click();
  await page.getByRole('contentinfo', { name: 'Status' }).getByText('Ln 2, Col 8').waitFor();
});

journey('a million rows: the end, a row by its number, sorted, found', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select n as id, 'row ' || n as name from generate_series(1, 1000000) n");
  await done(page);
  await grid(page).focus();
  await page.keyboard.press('Control+ArrowDown');
  await cells(page).filter({ hasText: /^1000000/ }).waitFor();
  await page.keyboard.press('Control+G');
  await page.getByRole('textbox', { name: /Row, 1 to/ }).fill('654321');
  await page.keyboard.press('Enter');
  await cells(page).filter({ hasText: /^654321/ }).waitFor();
  const nodes = await page.evaluate(() => document.querySelectorAll('body *').length);
  assert.ok(nodes < 1000, `${nodes} nodes`);
  await page.keyboard.press('Control+F');
  await page.getByRole('textbox', { name: 'Find in the whole result' }).fill('row 777777');
  await page.keyboard.press('Enter');
  await cells(page).filter({ hasText: /^row 777777/ }).waitFor();
  await page.keyboard.press('Escape');
  await grid(page).getByRole('columnheader', { name: /id/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await page.getByText('sorted here, over all 1,000,000 rows').waitFor();
  await cells(page).filter({ hasText: /^1000000/ }).first().waitFor();
  await page.keyboard.press('Control+ArrowDown');
  await cells(page).filter({ hasText: /^row 1$/ }).waitFor();
});

journey('what is only partly here is sorted and filtered by the server, and the screen says so', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select n as id, repeat('x', 200) || n as long, 1 / (500000 - n) as breaks from generate_series(1, 600000) n");
  await done(page, 'Failed');
  await page.getByText('division by zero').first().waitFor();
  await head(page, /id/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).filter({ hasText: 'by the server' }).waitFor();
  await page.getByRole('menuitem', { name: 'Filter…' }).filter({ hasText: 'by the server' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('77777');
  await page.keyboard.press('Enter');
  await done(page);
  await page.getByText('filtered by the server: id contains 77777', { exact: true }).waitFor();
  await page.getByText('Row 1 of 6', { exact: true }).waitFor();
  await head(page, /id/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await page.getByText('sorted here, over all 6 rows').waitFor();
  await cells(page).first().filter({ hasText: /^577777/ }).waitFor();
});

journey('values that only the server can sort are sorted by it', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select n as id, repeat('x', 5000) || n as alike from generate_series(1, 3) n");
  await done(page);
  await head(page, /alike/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await page.getByRole('button', { name: 'Let the server sort' }).click();
  await page.getByText('sorted by the server, by alike').waitFor();
  await cells(page).first().filter({ hasText: /^3/ }).waitFor();
});

journey('a result that is here is sorted and filtered here, and a cell of it is looked at', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select n as id, 'row ' || n as name, repeat(n::text || ' ', 1000) as long from generate_series(1, 2000) n");
  await done(page);
  await grid(page).getByRole('columnheader', { name: /id/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await page.getByText('sorted here, over all 2,000 rows').waitFor();
  await cells(page).filter({ hasText: /^row 2000/ }).waitFor();
  await cells(page).nth(2).click();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: /Value of long/ }).getByText('2000 2000 2000').waitFor();
  await grid(page).getByRole('columnheader', { name: /name/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('199');
  await page.keyboard.press('Enter');
  await page.getByText('sorted and filtered here, over all 2,000 rows').waitFor();
  await page.getByText('Row 1 of 12', { exact: true }).waitFor();
});

journey('Escape cancels on the server', async ({ page, bridge }) => {
  const name = await tab(page, bridge);
  await run(page, 'select pg_sleep(300)');
  await page.getByRole('button', { name: /^Cancel/ }).waitFor();
  await page.keyboard.press('Escape');
  await done(page, 'Cancelled');
  const state = await bridge.call('query_state', { tab: name });
  assert.deepEqual([state.phase, state.statements[0].outcome], ['idle', 'cancelled']);
});

journey('a parameter is asked for, and NULL is not the empty string', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select coalesce(:who::text, 'it was null') as said");
  const form = page.getByRole('form', { name: 'Parameters' });
  await form.getByText('NULL').click();
  await form.getByRole('button', { name: 'Run with these' }).click();
  await cells(page).filter({ hasText: 'it was null' }).waitFor();
});

journey('an open transaction says so and is rolled back by a button', async ({ page, bridge }) => {
  const name = await tab(page, bridge);
  await run(page, 'begin;\ncreate temp table held (id int);\ninsert into held values (1);');
  await page.getByText('A transaction is open').waitFor();
  await page.getByRole('button', { name: 'Roll back', exact: true }).click();
  await page.getByText('A transaction is open').waitFor({ state: 'detached' });
  assert.equal((await bridge.call('query_state', { tab: name })).transaction, 'none');
});

journey('a large document is cut in the grid and whole beside it', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select 1 as id, jsonb_build_object('first', jsonb_build_object('n', 12345678901234567890), 'pad', repeat('x', 100000)) as doc");
  await done(page);
  await cells(page).nth(1).click();
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: /Value of doc/ });
  await pane.getByRole('treeitem').filter({ hasText: '12345678901234567890' }).click();
  await pane.getByText('first.n').waitFor();
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
});

journey('several results and notices of one script', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select 1 as a;\nselect 2 as b where false;\ndo $$ begin raise notice 'hello from here'; end $$;");
  await done(page);
  await page.getByRole('tab', { name: /^2 select 2/ }).click();
  await page.getByText('The statement ran and returned none').waitFor();
  await grid(page).getByRole('columnheader', { name: /b/ }).waitFor();
  await page.getByRole('tab', { name: /Messages/ }).click();
  await page.getByText('hello from here', { exact: true }).waitFor();
});

journey('Ctrl T opens another tab on the same connection, and closing one keeps its text', async ({ page, bridge }) => {
  const name = await tab(page, bridge);
  await write(page, 'select 4711 as kept');
  await page.keyboard.press('Control+T');
  await page.waitForURL((url) => url.hash.startsWith('#/c/local/query/') && !url.hash.includes(name));
  await page.getByRole('tablist', { name: 'Window tabs' }).getByRole('tab').first().click();
  await editor(page).filter({ visible: true }).filter({ hasText: '4711' }).waitFor();
  await page.keyboard.press('Control+W');
  const drafts = await bridge.call('query_draft_list');
  assert.equal(drafts.find((one) => one.tab === name)?.text, 'select 4711 as kept');
});

journey('names that are markup are shown as names', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, `select 1 as "<img src=x onerror=alert(1)>", 2 as "two\nlines 🦀", '<script>alert(1)</script>' as "same", 'x' as "same"`);
  await done(page);
  await grid(page).getByText('<img src=x onerror=alert(1)>').waitFor();
  await cells(page).filter({ hasText: '<script>alert(1)</script>' }).waitFor();
  assert.equal(await page.locator('img, script:not([src])').count(), 0);
});

journey('rows that would all die are asked about, and nothing is sent before the answer', async ({ page, bridge }) => {
  const name = await tab(page, bridge);
  await bridge.call('query_run', { tab: name, connection: 'local', text: 'create table if not exists doomed as select n as id from generate_series(1, 7) n', range: { kind: 'all' }, parameters: [], consent: null, sort: [] });
  await done(page);
  await run(page, 'delete from doomed');
  const dialog = page.getByRole('alertdialog', { name: /^Delete all 7 rows of .*doomed on/ });
  await dialog.getByRole('button', { name: 'Keep them' }).click();
  await run(page, 'select count(*) from doomed');
  await cells(page).filter({ hasText: /^7/ }).waitFor();
  await run(page, 'delete from doomed');
  await dialog.getByRole('button', { name: 'Delete all 7 rows' }).click();
  await run(page, 'select count(*) as left from doomed');
  await grid(page).getByRole('columnheader', { name: /left/ }).waitFor();
  await cells(page).filter({ hasText: /^0/ }).waitFor();
});

journey('on a read-only connection a write is refused calmly, with the way out', async ({ page, bridge, server }) => {
  const connection = await connectionTo(server, bridge, { name: 'Looking', writes: 'read_only' });
  await page.goto(bridge.at(`#/c/${connection}/query/readonly1`));
  await page.getByRole('button', { name: 'Read-only' }).waitFor();
  await run(page, 'with gone as (delete from evaluation_runs returning 1) select count(*) from gone');
  await page.getByRole('button', { name: 'Settings of the connection' }).waitFor();
  await page.getByRole('button', { name: 'Leave it so' }).click();
  await run(page, 'select count(*) as runs from evaluation_runs');
  await grid(page).getByRole('columnheader', { name: /runs/ }).waitFor();
});

journey('the keyboard alone: write, run, move, look at a value, come back', async ({ page, bridge }) => {
  await tab(page, bridge);
  await editor(page).focus();
  await page.keyboard.insertText("select n as id, jsonb_build_object('n', n) as doc from generate_series(1, 50) n");
  await page.keyboard.press('Control+Enter');
  await done(page);
  for (let tries = 0; tries < 8; tries += 1) {
    await page.keyboard.press('F6');
    if (await page.evaluate(() => document.activeElement?.getAttribute('role') === 'grid')) break;
  }
  const said = () => page.evaluate(() => document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '')?.textContent);
  await page.keyboard.press('ArrowDown');
  assert.equal(await said(), '2, row 2');
  await page.keyboard.press('ArrowRight');
  assert.equal(await said(), '{"n": 2}, doc');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: /Value of doc, row 2/ });
  await pane.waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('complementary', { name: /Value of doc, row 3/ }).waitFor();
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await page.keyboard.press('Control+Alt+ArrowLeft');
  assert.equal(await grid(page).getByRole('columnheader').nth(1).innerText().then((text) => text.split(/\s/)[0]), 'doc');
});
