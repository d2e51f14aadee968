/** The plan of a statement: planned without being run, measured when a person says so, and what would help tried out. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';

const journey = journeys((stage) => withLocalData(stage));

const editor = (page) => page.getByRole('textbox', { name: /^SQL of/ });
const tree = (page) => page.getByRole('tree', { name: 'Nodes of the plan' }).filter({ visible: true });
const chosen = (page) => tree(page).getByRole('treeitem', { selected: true });
let next = 0;

/** A tab of its own for each statement: the backend keeps them from one journey to the next. */
async function write(page, bridge, sql) {
  await page.goto(bridge.at(`#/c/local/query/e${(next += 1)}x${Date.now().toString(36)}`));
  await editor(page).click();
  await page.keyboard.insertText(sql);
}

/** Runs a script in a tab, and waits until it has ended. */
async function prepare(page, bridge, sql) {
  await write(page, bridge, sql);
  await page.keyboard.press('Control+Shift+Enter');
  await page.locator('.runbar').filter({ hasText: 'Done' }).waitFor();
}

async function explain(page, bridge, sql) {
  await write(page, bridge, sql);
  await page.keyboard.press('Control+Shift+E');
  await tree(page).waitFor();
}

journey('an arrow over a large table is rewritten, checked and used', async ({ page, bridge }) => {
  await prepare(page, bridge, `create table if not exists seen (id int, data jsonb, note text);
    insert into seen select n, jsonb_build_object('found', n % 1000 = 0, 'n', n), repeat('x', 200) from generate_series(1, 40000) n;
    create index if not exists seen_data on seen using gin (data); analyze seen;`);
  await explain(page, bridge, "select id from seen where data ->> 'found' = 'true'");
  await page.getByText('planned, not run').waitFor();
  const after = page.getByRole('region', { name: 'After the rewrite' });
  await after.getByText('estimated, not run').waitFor();
  await page.getByRole('button', { name: 'Analyze', exact: true }).click();
  await page.getByText('same 40 rows, checked').waitFor();
  await page.getByText('ran read-only, limit', { exact: false }).waitFor();
  assert.match(await chosen(page).getAttribute('aria-label'), /Seq Scan on seen/);
  await after.getByText('run just now').waitFor();
  assert.match(await after.innerText(), /m?s\s*→.*m?s\s+[\d.,]+ MB\s*→.*[\d.,]+ KB/s);
  await after.getByRole('button', { name: 'Plan after the rewrite' }).click();
  await tree(page).getByText('Bitmap Index Scan').waitFor();
  await after.getByRole('button', { name: 'Back to the plan as it was' }).click();
  assert.match(await chosen(page).getAttribute('aria-label'), /Seq Scan on seen/);
  await page.getByRole('button', { name: 'Use the rewrite' }).click();
  await editor(page).filter({ visible: true, hasText: '@>' }).waitFor();
  assert.match(await editor(page).filter({ visible: true }).innerText(), /data @> '\{"found": true\}'/);
});

journey('on a small table a scan of all of it is said to be right', async ({ page, bridge }) => {
  await explain(page, bridge, "select * from evaluation_runs where status = 'completed'");
  await page.getByText('evaluation_runs is small, and reading all of it is right.').waitFor();
  await page.getByRole('button', { name: 'What if no seq scan?' }).click();
  await page.getByText('Without sequential scans', { exact: false }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Use the rewrite' }).count(), 0);
});

journey('a write is measured and rolled back, after it was said to be one', async ({ page, bridge }) => {
  await prepare(page, bridge, 'create table kept (a int); insert into kept values (1), (2);');
  await explain(page, bridge, 'update kept set a = a + 1 where a > 0');
  await page.getByRole('button', { name: 'Analyze', exact: true }).click();
  await page.getByRole('button', { name: 'Run it and roll back' }).click();
  await page.getByText('ran and rolled back', { exact: false }).waitFor();
  await page.getByText('A rollback does not undo everything', { exact: false }).waitFor();
  const { rows } = await bridge.call('table_rows', { connection: 'local', query: { table: { schema: 'public', name: 'kept' } } });
  assert.deepEqual(rows.map(([cell]) => cell.text).sort(), ['1', '2']);
});

/** How many sessions run something with these words; asked in a tab of its own. */
async function running(bridge, words) {
  const tab = `count${(next += 1)}`;
  const text = `select count(*) from pg_stat_activity where state = 'active' and query like '%${words}%' and pid <> pg_backend_pid()`;
  await bridge.call('query_read', { tab, connection: 'local', text, range: { kind: 'all' }, parameters: [], consent: null, sort: [] });
  for (;;) {
    const state = await bridge.call('query_state', { tab });
    if (state.phase !== 'idle' || !state.results[0]?.complete) continue;
    const { rows } = await bridge.call('query_rows', { result: state.results[0].id, view: null, first: 0, count: 1 });
    await bridge.call('query_close', { tab });
    return Number(rows[0][0].text);
  }
}
async function until(bridge, words, sessions) {
  while ((await running(bridge, words)) !== sessions) await new Promise((done) => setTimeout(done, 200));
}

journey('what is measured is cancelled with Escape, on the server, and the plan stays', async ({ page, bridge }) => {
  await explain(page, bridge, "select pg_sleep(600), 'stopped by a key'");
  await page.getByRole('button', { name: 'Analyze', exact: true }).click();
  await page.getByText('Running it to measure').first().waitFor();
  await until(bridge, 'stopped by a key', 1);
  await page.keyboard.press('Escape');
  await page.getByText('Nothing was measured, and nothing of it was kept.', { exact: false }).waitFor();
  await tree(page).waitFor();
  await until(bridge, 'stopped by a key', 0);
});

journey('what heeds no cancel is said to go on, and is terminated', async ({ page, bridge }) => {
  await prepare(page, bridge, `create or replace function stubborn() returns int language plpgsql as $$ begin
    loop begin perform pg_sleep(600); exception when query_canceled then null; end; end loop; end $$;`);
  await explain(page, bridge, 'select stubborn()');
  await page.getByRole('button', { name: 'Analyze', exact: true }).click();
  await page.getByRole('button', { name: 'Run it and roll back' }).click();
  await until(bridge, 'explain%stubborn()', 1);
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await page.getByText('Still running on the server').first().waitFor();
  await page.getByText('the cancel has not reached it yet; pid', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByText('Nothing was measured, and nothing of it was kept.', { exact: false }).waitFor();
  await until(bridge, 'explain%stubborn()', 0);
});

journey('closing the tab stops what it measures, and a look at another pane does not', async ({ page, bridge }) => {
  await prepare(page, bridge, 'select 1 as one');
  await editor(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText("select pg_sleep(600), 'stopped by closing'");
  await page.keyboard.press('Control+Shift+E');
  await tree(page).waitFor();
  await page.getByRole('button', { name: 'Analyze', exact: true }).click();
  await until(bridge, 'stopped by closing', 1);
  await page.getByRole('tab', { name: /Messages/ }).click();
  await page.getByRole('tab', { name: 'Plan' }).click();
  await page.getByText('Running it to measure').first().waitFor();
  assert.equal(await running(bridge, 'stopped by closing'), 1);
  await page.getByRole('tab', { name: /Query/, selected: true }).focus();
  await page.keyboard.press('Delete');
  await until(bridge, 'stopped by closing', 0);
});

journey('a plan is walked by keyboard, and hostile names are text', async ({ page, bridge }) => {
  const name = '<img src=x onerror="window.broken = 1"><script>window.broken = 1</script>';
  await prepare(page, bridge, `create table if not exists "${name.replaceAll('"', '""')}" ("<b>" int);`);
  await explain(page, bridge, `select a.* from "${name.replaceAll('"', '""')}" a join evaluation_runs r on r.id = a."<b>" order by 1`);
  await tree(page).focus();
  await page.keyboard.press('Home');
  assert.equal(await chosen(page).getAttribute('aria-level'), '1');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await tree(page).getByRole('treeitem').count(), 1);
  await page.keyboard.press('ArrowRight');
  await tree(page).getByText('<script>', { exact: false }).first().waitFor();
  await page.getByRole('radio', { name: 'Text' }).click();
  await page.getByLabel('Plan as text').getByText('<script>', { exact: false }).waitFor();
  assert.equal(await page.evaluate(() => window.broken ?? document.querySelectorAll('main img, main script').length), 0);
});
