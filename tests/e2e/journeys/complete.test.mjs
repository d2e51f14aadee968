/** Completion while one types: it opens by itself, is taken or closed by a key, and is gone when the statement runs. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';

const journey = journeys((stage) => withLocalData(stage));

const editor = (page) => page.getByRole('textbox', { name: /^SQL of/ });
const popup = (page) => page.locator('.cm-tooltip-autocomplete');
/** What can be taken: while it is asked for anew, what stood there before is not. */
const proposed = (page) => page.locator('.cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)').getByRole('option');
/** A key is for the popup once it has stood for a moment: nobody means what has only just come. */
async function take(page, wanted) {
  await proposed(page).filter({ hasText: wanted }).first().waitFor();
  await page.waitForTimeout(100);
  await page.keyboard.press('Enter');
}
const text = async (page) => (await editor(page).innerText()).trim();
/** What is still on its way has had its time. */
const settled = (page) => page.waitForTimeout(900);
let next = 0;

async function type(page, bridge, sql) {
  await page.goto(bridge.at(`#/c/local/query/k${(next += 1)}x${Date.now().toString(36)}`));
  await editor(page).click();
  await page.keyboard.type(sql, { delay: 15 });
}

journey('a table is proposed while its name is typed, and Enter takes it', async ({ page, bridge }) => {
  await type(page, bridge, 'select * from evaluation_re');
  await proposed(page).filter({ hasText: /^evaluation_results/ }).first().waitFor();
  assert.match(await proposed(page).first().innerText(), /^evaluation_results/);
  await take(page, /^evaluation_results/);
  await popup(page).waitFor({ state: 'detached' });
  assert.equal(await text(page), 'select * from evaluation_results');
});

journey('the arrows choose, Tab or Enter takes, and names that need them get their quotes', async ({ page, bridge }) => {
  await type(page, bridge, 'select r.st from evaluation_runs r');
  for (let back = 0; back < ' from evaluation_runs r'.length; back += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('a', { delay: 15 });
  await proposed(page).filter({ hasText: 'status' }).first().waitFor();
  const names = await proposed(page).allInnerTexts();
  const place = names.findIndex((name) => name.startsWith('started_at'));
  await page.waitForTimeout(100);
  for (let down = 0; down < place; down += 1) await page.keyboard.press('ArrowDown');
  await take(page, 'started_at');
  assert.equal(await text(page), 'select r.started_at from evaluation_runs r');
});

journey('paths of the evaluation tables’ documents are proposed behind an arrow', async ({ page, bridge }) => {
  await type(page, bridge, "select * from evaluation_results where token_metrics->'");
  await proposed(page).filter({ hasText: 'baseline' }).first().waitFor();
  await page.keyboard.type('resu', { delay: 15 });
  await take(page, /^result/);
  await page.keyboard.type("->>'to", { delay: 15 });
  await take(page, /^total/);
  await popup(page).waitFor({ state: 'detached' });
  assert.equal(await text(page), "select * from evaluation_results where token_metrics->'result'->>'total'");
});

journey('Escape closes it and nothing else, and it is asked for again', async ({ page, bridge }) => {
  await type(page, bridge, 'select * from evaluation_');
  await proposed(page).first().waitFor();
  await page.keyboard.press('Escape');
  await popup(page).waitFor({ state: 'detached' });
  assert.equal(await text(page), 'select * from evaluation_');
  await settled(page);
  assert.equal(await popup(page).count(), 0);
  await page.keyboard.press('Control+Space');
  await proposed(page).first().waitFor();
});

journey('it is gone when the statement runs, by a key or a button, also where it was still on its way', async ({ page, bridge }) => {
  for (const wait of [true, false]) {
    for (const run of [
      () => page.keyboard.press('Control+Enter'),
      () => page.keyboard.press('Control+Shift+Enter'),
      () => page.keyboard.press('F5'),
      () => page.getByRole('button', { name: 'Run all' }).click(),
    ]) {
      await type(page, bridge, 'select * from evaluation_run');
      if (wait) await proposed(page).first().waitFor();
      await page.keyboard.type('s', { delay: 15 });
      await run();
      await page.locator('.runbar').filter({ hasText: 'Done' }).waitFor();
      await settled(page);
      assert.equal(await popup(page).count(), 0);
      assert.equal(await text(page), 'select * from evaluation_runs');
    }
  }
});
