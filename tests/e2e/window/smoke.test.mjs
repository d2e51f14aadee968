/** The true window: the built app under WebKitWebDriver, on its own local database. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { By, until } from 'selenium-webdriver';
import { Home } from '../lib/home.mjs';
import { out } from '../lib/places.mjs';
import { TrueWindow } from '../lib/true-window.mjs';

let home, opened, window;

before(async () => {
  home = new Home();
  // The data is there before the window: the smoke is about the window.
  await home.cli('local', 'start', '--json');
  await home.cli('migrate', 'up', '--json');
  await home.cli('demo', 'load', '--runs', '30', '--results', '180', '--json');
  opened = await TrueWindow.open(home);
  window = opened.window;
}, { timeout: 180_000 });

after(async () => {
  await opened?.close();
  await home?.remove();
});

test('the runs of the local database are listed in the true window', { timeout: 90_000 }, async () => {
  await window.wait(until.elementLocated(By.css('[role="grid"]')), 60_000);
  await window.executeScript("location.hash = '#/c/local/runs'");
  await window.wait(until.elementLocated(By.css('[role="grid"][aria-label="Runs"] [role="row"][aria-rowindex="3"]')), 30_000);
  await opened.painted();
  await picture('window-runs');
  const rows = await window.findElements(By.css('[role="grid"][aria-label="Runs"] [role="row"]'));
  assert.ok(rows.length > 10, `${rows.length} rows`);
});

test('text fits: nothing that holds words is cut without saying so', { timeout: 60_000 }, async () => {
  const cut = await window.executeScript(`
    return [...document.querySelectorAll('button, [role="tab"], h1, h2, h3, label')].filter((one) =>
      one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow === 'hidden'
        && getComputedStyle(one).textOverflow !== 'ellipsis').map((one) => one.innerText)`);
  assert.deepEqual(cut, []);
});

test('the window reaches nothing but its own commands', { timeout: 60_000 }, async () => {
  const refused = await window.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    window.__TAURI_INTERNALS__.invoke('plugin:fs|read_text_file', { path: '/etc/passwd' }).then(() => done('read'), () => done('refused'))`);
  assert.equal(refused, 'refused');
  assert.equal(await window.executeScript('return Object.isFrozen(Object.prototype)'), true);
});

async function picture(name) {
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, `${name}.png`), await window.takeScreenshot(), 'base64');
}
