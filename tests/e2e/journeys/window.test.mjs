/** Getting about: the palette, links that survive a reload, both themes, the keyboard. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';

const journey = journeys((stage) => withLocalData(stage));

journey('the palette reaches a screen by a few letters', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/overview'));
  await page.getByRole('grid', { name: 'Evaluation tables' }).waitFor();
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: 'Go to or run' }).fill('migr');
  await page.keyboard.press('Enter');
  await page.getByText('create_evaluation_tables').first().waitFor();
});

journey('a reload brings the tabs back', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/runs'));
  await page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1).waitFor();
  await page.keyboard.press('Control+T');
  await page.getByRole('tab').nth(1).waitFor();
  await page.waitForTimeout(600);
  const before = await page.getByRole('tab').allInnerTexts();
  await page.reload();
  await page.getByRole('tab').nth(1).waitFor();
  assert.deepEqual(await page.getByRole('tab').allInnerTexts(), before);
});

journey('the system decides between light and dark', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/runs'));
  await page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1).waitFor();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await paper();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction((was) => getComputedStyle(document.body).backgroundColor !== was, light);
});

journey('a run is reached and opened by the keyboard alone', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/runs'));
  const grid = page.getByRole('grid', { name: 'Runs' });
  await grid.getByRole('row').nth(1).waitFor();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('grid', { name: 'Configurations' }).waitFor();
});
