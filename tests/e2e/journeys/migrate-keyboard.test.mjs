/** The migration screens without a mouse: everything is reached, seen and named, and a question gives the focus back. */
import assert from 'node:assert/strict';
import { journeys } from '../lib/journey.mjs';
import { Migrating } from '../lib/migrating.mjs';

const journey = journeys(async (stage) => {
  stage.migrating = await Migrating.start(stage);
});

const FILES = {
  '20260101000001_scores': { up: 'create table scores (id int primary key, value int);\n', down: 'drop table scores;\n' },
  '20260101000002_more': { up: 'create table more ();\n', down: 'drop table more;\n' },
  '20260101000003_index_scores': { up: 'create index scores_value on scores (value);\n', down: 'drop index scores_value;\n' },
};

/** What has the focus: its name, and whether a person sees that it has. A composite shows it on its active part. */
function focused() {
  const host = document.activeElement;
  if (!host || host === document.body) return null;
  const one = host.shadowRoot?.activeElement ?? host;
  const name = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent ?? '';
  const active = one.getAttribute('aria-activedescendant');
  const parts = [one, one.parentElement, host.parentElement, active ? document.getElementById(active) : null].filter(Boolean);
  const shows = (part) => {
    const style = getComputedStyle(part);
    return style.boxShadow !== 'none' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
  };
  // A list draws its ring on the row that is chosen.
  const inside = active ? [...(document.getElementById(active)?.querySelectorAll('*') ?? [])] : [];
  return { tag: one.tagName, editor: one.isContentEditable, role: one.getAttribute('role'), name: name.trim().slice(0, 60), seen: [...parts, ...inside].some(shows) };
}

/** Tabs through the window until it comes round, and tells what it met. */
async function around(page, most = 90) {
  const met = [];
  for (let step = 0; step < most; step += 1) {
    // In an editor Tab indents: Escape lets go of it.
    if (met.at(-1)?.editor) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    const one = await page.evaluate(focused);
    if (one === null) break;
    met.push(one);
  }
  return met;
}

function allSeenAndNamed(met) {
  assert.deepEqual(met.filter((one) => one.name === '').map((one) => `${one.tag} ${one.role}`), [], 'without a name');
  assert.deepEqual(met.filter((one) => !one.seen).map((one) => `${one.tag} ${one.role} ${one.name}`), [], 'without a visible focus');
}

const has = (met, name) => assert.ok(met.some((one) => name.test(one.name)), `${name} is not reached: ${met.map((one) => one.name).join(' | ')}`);

journey('every part of the screens of migrations is reached by Tab, shows the focus and has a name', async ({ page, bridge, migrating }) => {
  const connection = await migrating.connect('tabbed', { files: FILES });
  await migrating.apply(connection, { kind: 'upTo', version: '20260101000001' });
  await page.goto(bridge.at(`#/c/${connection}/migrations/20260101000003`));
  await page.getByRole('gridcell', { name: /create index/ }).waitFor();
  const met = await around(page);
  allSeenAndNamed(met);
  for (const name of [/^Environments$/, /^Log$/, /^New migration$/, /^More$/, /^Migrations$/, /^Plan/, /^Statements of index_scores$/, /^Use the rewrite$/, /^Rehearse…$/, /^Apply all 2/]) has(met, name);
  for (const screen of ['environments', 'drift', 'migration-log', 'migration/new', 'migrations/20260101000003?tab=up', 'migrations/20260101000003?tab=rehearsals']) {
    await page.goto(bridge.at(`#/c/${connection}/${screen}`));
    await page.waitForTimeout(800);
    allSeenAndNamed(await around(page));
  }
});

journey('versions are chosen and asked about by keys, and a question gives the focus back', async ({ page, bridge, migrating }) => {
  const connection = await migrating.connect('keyed', { files: FILES });
  await migrating.apply(connection, { kind: 'upTo', version: '20260101000002' });
  await page.goto(bridge.at(`#/c/${connection}/overview`));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  const list = page.getByRole('listbox', { name: 'Migrations' });
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('heading', { name: 'more', exact: true }).waitFor();
  const more = page.getByRole('button', { name: 'More', exact: true });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: /^Roll back the newest/ }).focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog', { name: /^Roll back 1 migration/ });
  await question.waitFor();
  assert.equal(await question.evaluate((node) => node.contains(document.activeElement)), true);
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await assert.doesNotReject(page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More' || document.activeElement?.textContent?.trim() === 'More', null, { timeout: 3000 }));
  const rehearse = page.getByRole('button', { name: 'Rehearse…' });
  await rehearse.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: /^On an empty copy/ }).focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText('These locks are really taken.').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.textContent?.trim() === 'Rehearse…');
});
