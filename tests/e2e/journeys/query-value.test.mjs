/** The value beside the rows: JSON as a tree with its paths, bytes, images. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { cells, done, run, tab } from '../lib/querying.mjs';

const journey = journeys(async (stage) => withLocalData(stage, { runs: 2, results: 4 }));

/** One pixel, red. */
const PNG = '89504e470d0a1a0a0000000d49484452000000010000000108020000009077' + '53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082';

async function look(page, bridge, sql, column) {
  await tab(page, bridge);
  await run(page, sql);
  await done(page);
  await cells(page).nth(column).click();
  await page.keyboard.press('Enter');
  return page.getByRole('complementary', { name: /^Value of/ });
}

journey('a document is searched, and the path of what is found is copied', async ({ browser, bridge }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const pane = await look(page, bridge, `select 1 as id, '{"runs": [{"a b": {"score": 1.50}}, {"a b": {"score": 12345678901234567890}}], "text": "score it"}'::jsonb as doc`, 1);
  await pane.getByRole('tree').waitFor();
  await pane.getByRole('tree').focus();
  await page.keyboard.press('Control+F');
  await pane.getByRole('textbox').fill('score');
  await page.keyboard.press('Enter');
  await pane.getByText('runs[0]."a b".score').waitFor();
  await page.keyboard.press('Enter');
  await pane.getByText('runs[1]."a b".score').waitFor();
  const copied = async (item) => {
    await pane.getByRole('button', { name: 'Copy', exact: true }).last().click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.waitForTimeout(100);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copied('Path'), 'runs[1]."a b".score');
  assert.equal(await copied('As SQL'), "doc -> 'runs' -> 1 -> 'a b' ->> 'score'");
  assert.equal(await copied('The value'), '12345678901234567890');
  await pane.getByRole('radio', { name: 'Raw' }).click();
  await pane.getByText('12345678901234567890').waitFor();
  await context.close();
});

journey('bytes are shown in hex, and an image as one', async ({ page, bridge }) => {
  const pane = await look(page, bridge, `select '\\x00ff10616263'::bytea as bytes, '\\x${PNG}'::bytea as picture`, 0);
  await pane.getByRole('region', { name: 'Bytes' }).getByText('00 ff 10 61 62 63').waitFor();
  await pane.getByText('···abc').waitFor();
  await page.keyboard.press('ArrowRight');
  await cells(page).nth(1).click();
  const image = page.getByRole('img', { name: 'The value as PNG' });
  await image.waitFor();
  await page.getByText('PNG, 1 × 1').waitFor();
  await page.getByRole('radio', { name: 'Hex' }).click();
  await page.getByText('89 50 4e 47').waitFor();
});
