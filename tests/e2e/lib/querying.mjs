/** The query workbench as a person uses it: a tab, its text, Run, its rows. */
import { readFileSync } from 'node:fs';

export const editor = (page) => page.getByRole('textbox', { name: /^SQL of/ });
export const grid = (page) => page.getByRole('grid').filter({ visible: true });
export const cells = (page) => grid(page).getByRole('gridcell');
export const head = (page, name) => grid(page).getByRole('columnheader', { name });
/** The names of the columns as they stand. */
export const heads = async (page) => (await grid(page).locator('[role="columnheader"] .name').allInnerTexts()).map((name) => name.trim());
let next = 0;

/** A tab of its own for each journey: the backend keeps them from one to the next. */
export async function tab(page, bridge, { connection = 'local', name = `j${(next += 1)}x${Date.now().toString(36)}` } = {}) {
  await page.goto(bridge.at(`#/c/${connection}/query/${name}`));
  await editor(page).waitFor();
  return name;
}

export async function write(page, sql) {
  await editor(page).click();
  await page.keyboard.press('Control+A');
  // Replaced at once, Chromium would carry the colour over as a style attribute, which the policy refuses.
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(sql);
}

export async function run(page, sql, keys = 'Control+Shift+Enter') {
  await write(page, sql);
  await page.keyboard.press(keys);
}

export const done = (page, word = 'Done') => page.locator('.runbar').filter({ hasText: word }).waitFor();

/** Runs in a tab of its own, and answers with the rows as their texts. */
export async function asked(bridge, text, connection = 'local') {
  const name = `asked${(next += 1)}x${Date.now().toString(36)}`;
  const reply = await bridge.call('query_run', { tab: name, connection, text, range: { kind: 'all' }, parameters: [], consent: null, sort: [] });
  if (reply.kind !== 'started') throw new Error(`${text} answered ${JSON.stringify(reply)}`);
  let state;
  do {
    await new Promise((over) => setTimeout(over, 50));
    state = await bridge.call('query_state', { tab: name });
  } while (state.phase !== 'idle');
  const failed = state.statements.find((one) => one.error);
  if (failed) throw new Error(failed.error.message);
  const last = state.results.at(-1);
  const rows = last ? (await bridge.call('query_rows', { result: last.id, view: null, first: 0, count: 1000 })).rows : [];
  await bridge.call('query_close', { tab: name });
  return rows.map((row) => row.map((cell) => cell?.text ?? null));
}

/** The local database once more, as a connection with other looks. */
export async function connectionTo(server, bridge, looks, database = 'raaf_eval_local') {
  const password = readFileSync(server.passwordFile, 'utf8').trim();
  const { profile } = await bridge.call('connection_parse_url', { url: `postgresql://evaldesk@127.0.0.1:${server.status.port}/${database}` });
  const saved = await bridge.call('connection_save', { profile: { ...profile, id: '', environment: 'test', secretPolicy: 'keyring', ...looks }, password });
  return saved.id;
}
