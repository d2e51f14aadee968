/** The query workbench in every state, for the pictures: what ran is prepared in the backend, once for all looks. */

const RESULTS = `SELECT r.id, c.name AS configuration, r.status,
       (r.token_metrics->'result'->>'total')::int AS tokens,
       r.latency_metrics, r.baseline_comparison, r.created_at
FROM   evaluation_results r
JOIN   evaluation_configurations c ON c.id = r.evaluation_configuration_id
ORDER BY r.id DESC`;
const SCRIPT = `-- what a release changes
CREATE TEMP TABLE seen AS SELECT id FROM evaluation_results LIMIT 3;
DROP TABLE IF EXISTS never_was;
UPDATE seen SET id = id;
SELECT * FROM seen;
SELECT status, count(*) FROM evaluation_results GROUP BY status ORDER BY 2 DESC`;
const NAME = 'Spalte mit einem sehr langen Namen bis an die Grenze, die';
const LONG = `SELECT r.name AS "${NAME}", r.name AS "${NAME}", '<img src=x onerror=alert(1)>' AS "<b>fett</b>",
       E'line one\\nline two\\ttab' AS "two
lines 🦀", 'infinity'::timestamptz AS "for ever", '{}'::jsonb AS "empty", repeat('評価', 3000) AS "long"
FROM   evaluation_runs r`;

const MANY = `SELECT ${Array.from({ length: 1600 }, (_, at) => `${at} AS "column ${at}"`).join(', ')}`;
const HUGE = "SELECT 1 AS id, repeat('0123456789', 31457280) AS huge, '<script>alert(1)</script>' AS \"<script>alert(1)</script>\", convert_from('\\x41', 'SQL_ASCII') AS \"it's \"\"quoted\"\"\"";

const at = (connection, tab) => `#/c/${connection}/query/${tab}`;

/** Every picture, with what it needs. `wanted` says whether a screen is. */
export function queryPictures(bridge, databases, wanted) {
  if (!wanted('query')) return [];
  const { empty, few, long, million, error } = databases;
  const shot = (state, connection, more = {}) => {
    const tab = `pic-${state}`;
    const { text = RESULTS, title = 'Query 4', run = true, range = { kind: 'all' }, wait = true, parameters = [], then } = more;
    const before = async () => {
      await bridge.call('query_draft_save', { draft: { tab, connection, title, text, cursor: 0, file: null, revision: 0 } });
      if (run) await start(bridge, { tab, connection, text, range, parameters, consent: null, sort: [] }, wait);
    };
    const after = () => bridge.call('query_close', { tab });
    return { screen: 'query', state, hash: at(connection, tab), before, after, then };
  };
  return [
    shot('none', empty, { text: '', run: false }),
    shot('empty', empty),
    shot('restored', few, { run: false }),
    shot('few', few, { text: `${RESULTS}\nLIMIT 3` }),
    shot('million', million, { then: lookAt }),
    shot('million-end', million, { then: (page) => keys(page, 'Control+ArrowDown') }),
    shot('long', long, { text: LONG }),
    shot('failed', few, { text: RESULTS.replace('r.status', 'r.statuss') }),
    shot('script', few, { text: SCRIPT, then: (page) => page.getByRole('tab', { name: /Messages/ }).click() }),
    shot('streaming', few, { text: 'SELECT n AS id, clock_timestamp() AS at, pg_sleep(0.02)::text AS slept\nFROM   generate_series(1, 200000) n', wait: false }),
    shot('transaction', few, { text: 'BEGIN;\nSELECT id, name, status FROM evaluation_runs LIMIT 3' }),
    shot('parameters', few, { text: 'SELECT id, name FROM evaluation_runs\nWHERE  status = :status AND created_at >= $1', run: false, then: runs('form[aria-label=Parameters]') }),
    shot('asks', few, { text: "DELETE FROM evaluation_results\nWHERE  status = 'failed'", run: false, then: runs('[role=alertdialog]') }),
    shot('refused', million, { text: 'DELETE FROM evaluation_results', run: false, then: runs('.callout') }),
    shot('editing', few, { text: 'SELECT id, name, status, created_at FROM evaluation_runs', then: edit }),
    shot('filtered', few, { then: filter }),
    shot('sorted-million', million, { then: sorted }),
    shot('columns-1600', few, { text: MANY, then: (page) => keys(page, 'End') }),
    shot('huge', few, { text: HUGE, then: (page) => keys(page, 'ArrowRight', 'Enter') }),
    shot('broken', few, { text: 'SELECT n AS id, 100 / (50000 - n) AS share FROM generate_series(1, 60000) n' }),
    shot('saved', few, { text: `${RESULTS}\nLIMIT 3`, then: beside('Saved') }),
    shot('history', few, { text: `${RESULTS}\nLIMIT 3`, then: beside('History') }),
    shot('export', few, { then: async (page) => {
      await page.getByRole('button', { name: 'Export all' }).click();
      await page.getByRole('dialog').waitFor();
    } }),
    { screen: 'query', state: 'error', hash: at(error, 'pic-error') },
  ];
}

async function start(bridge, run, wait) {
  let reply = await bridge.call('query_run', run);
  if (reply.kind === 'asks') reply = await bridge.call('query_run', { ...run, consent: { hash: reply.plan.hash, name: reply.plan.name } });
  if (reply.kind !== 'started') throw new Error(`${run.tab} answered ${JSON.stringify(reply)}`);
  for (let tries = 0; tries < 1200; tries += 1) {
    const state = await bridge.call('query_state', { tab: run.tab });
    const ended = state.run > 0 && ['idle', 'lost'].includes(state.phase);
    if (wait ? ended : state.results.some((one) => one.rows > 40)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${run.tab} does not end`);
}

const grid = (page) => page.getByRole('grid').filter({ visible: true }).first();

async function keys(page, ...pressed) {
  await grid(page).focus();
  for (const key of pressed) await page.keyboard.press(key);
  await page.waitForTimeout(600);
}

/** A document of the fourth row, with one of its values chosen. */
async function lookAt(page) {
  await grid(page).getByRole('row').nth(4).getByRole('gridcell').nth(5).click();
  await keys(page, 'Enter');
  await page.getByRole('treeitem').nth(2).click({ timeout: 5000 }).catch(() => undefined);
}

const runs = (shown) => async (page) => {
  await page.getByRole('button', { name: 'Run all' }).click();
  await page.locator(shown).first().waitFor();
};

async function edit(page) {
  await keys(page, 'ArrowRight', 'F2');
  await page.keyboard.type('a better name');
  await page.keyboard.press('Enter');
  await keys(page, 'ArrowRight', 'Control+Backspace', 'ArrowDown', 'Control+Delete', 'Control+Insert');
}

async function filter(page) {
  await grid(page).getByRole('columnheader', { name: /status/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await grid(page).getByRole('columnheader', { name: /status/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('fail');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(600);
}

async function sorted(page) {
  await grid(page).getByRole('columnheader', { name: /configuration/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await page.getByText(/sorted.* here, over all/).waitFor();
  await page.waitForTimeout(400);
}

const beside = (part) => async (page) => {
  await page.getByRole('button', { name: 'Saved queries and history' }).click();
  await page.getByRole('radio', { name: part }).click();
  await page.getByRole('option').first().click({ timeout: 5000 }).catch(() => undefined);
  await page.waitForTimeout(400);
};
