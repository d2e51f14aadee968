/**
 * A picture of every screen: light and dark, at two sizes, with no data, a few rows, a million, long names and an error.
 * Into target/screens/<screen>-<state>-<size>-<theme>.png, with an index to look at them side by side.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bridge } from './lib/bridge.mjs';
import { launch } from './lib/browser.mjs';
import { connectionPictures } from './lib/connection-pictures.mjs';
import { makeDatabases } from './lib/databases.mjs';
import { EXPLAINED } from './lib/explain-pictures.mjs';
import { Home } from './lib/home.mjs';
import { migrationPictures } from './lib/migration-pictures.mjs';
import { root } from './lib/places.mjs';
import { queryPictures } from './lib/query-pictures.mjs';

const SIZES = { '1280x800': { width: 1280, height: 800 }, '1024x700': { width: 1024, height: 700 } };
const THEMES = ['light', 'dark'];
const quick = process.argv.includes('--quick');
/** Names of screens, with commas between; all without. */
const only = process.argv.slice(2).find((word) => !word.startsWith('--'))?.split(',');
const wanted = (name) => !only || only.includes(name);
const results = quick ? 20_000 : 1_000_000;
const folder = path.join(root, 'target/screens');

/** Screens of a connection: a name, and the link in it; `run` and `span` are those that the database has. */
const OF_A_CONNECTION = [
  ['overview', () => 'overview'],
  ['runs', () => 'runs'],
  ['run', ({ run }) => run && `run/${run}`],
  ['span', ({ span }) => span && `span/${encodeURIComponent(span)}`],
  ['schema', () => 'schema'],
  ['table', () => 'schema/public/evaluation_results'],
  ['indexes', () => 'indexes'],
  ['maintenance', () => 'maintenance'],
  ['migrations', () => 'migrations'],
];
const OF_THE_WINDOW = [['connections', '#/connections'], ['connection-new', '#/connections/new'], ['settings', '#/settings']];

/** Those that need the databases of the demo; the pictures of migrations make their own. */
const ELSEWHERE = [...OF_A_CONNECTION, ...OF_THE_WINDOW].map(([name]) => name).concat('palette', 'explain').filter((name) => name !== 'migrations');

const made = [];

async function main() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  try {
    await atHome(browser, databasePictures);
    await atHome(browser, (_, place) => connectionPictures(place, wanted));
    await atHome(browser, (_, place) => migrationPictures(place, wanted));
  } finally {
    await browser.close();
  }
  writeFileSync(path.join(folder, 'index.html'), index());
  console.log(`${made.length} pictures`);
}

/** Takes pictures on a home of their own: the connections that some of them make have names that others use too. */
async function atHome(browser, prepare) {
  const home = new Home();
  const bridge = await Bridge.start(home);
  try {
    for (const { screen, state, hash, then, before, after } of await prepare(browser, { home, bridge })) {
      await before?.();
      await everyLook(browser, (look) => shoot(look, bridge, screen, state, hash, then));
      await after?.();
    }
  } finally {
    await bridge.stop();
    await home.remove();
  }
}

/** The first start, and the screens that show what the demo's databases hold. */
async function databasePictures(browser, { home, bridge }) {
  if (wanted('welcome')) await everyLook(browser, async (look) => shoot(look, bridge, 'welcome', 'first', '#/welcome'));
  if (!ELSEWHERE.some(wanted) && !wanted('query')) return [];
  console.log(`loading ${results.toLocaleString('en')} results`);
  const databases = await makeDatabases(home, bridge, { results });
  await pictures(browser, bridge, databases);
  return queryPictures(bridge, databases, wanted);
}

async function pictures(browser, bridge, databases) {
  for (const [state, connection] of Object.entries(databases)) {
    const has = state === 'error' ? { run: '1', span: 'none' } : await newest(bridge, connection);
    for (const [screen, link] of OF_A_CONNECTION.filter(([name]) => wanted(name))) {
      const rest = link(has);
      if (rest) await everyLook(browser, (look) => shoot(look, bridge, screen, state, `#/c/${connection}/${rest}`));
    }
  }
  for (const [screen, hash] of OF_THE_WINDOW.filter(([name]) => wanted(name))) {
    await everyLook(browser, (look) => shoot(look, bridge, screen, 'few', hash));
  }
  for (const [state, { of, then }] of wanted('explain') ? Object.entries(EXPLAINED) : []) {
    await everyLook(browser, (look) => shoot(look, bridge, 'explain', state, `#/c/${databases[of]}/query/picture-${state}-${look.size}-${look.theme}`, then));
  }
  if (wanted('palette')) {
    await everyLook(browser, (look) => shoot(look, bridge, 'palette', 'few', `#/c/${databases.few}/runs`, (page) => page.keyboard.press('Control+K')));
  }
}

async function newest(bridge, connection) {
  const { runs } = await bridge.call('run_list', { connection, query: { limit: 1 } });
  if (runs.length === 0) return {};
  return { run: runs[0].id, span: runs[0].baselineSpanId };
}

async function everyLook(browser, take) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      await take({ page, size, theme }).finally(() => context.close());
    }
  }
}

async function shoot({ page, size, theme }, bridge, screen, state, hash, then) {
  await page.goto(bridge.at(hash));
  await settled(page);
  await then?.(page);
  if (then) await page.waitForTimeout(200);
  const file = `${screen}-${state}-${size}-${theme}.png`;
  await page.screenshot({ path: path.join(folder, file) });
  made.push({ screen, state, size, theme, file });
}

/** Nothing loads and nothing has moved for a moment, and fonts are there. What still loads after 20 s is a picture too. */
async function settled(page) {
  await page.waitForFunction(() => (document.getElementById('app') ?? document.body).innerText.trim().length > 20);
  await page.evaluate(quiet);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))));
}

/** Runs in the page. A skeleton shows only after 150 ms, so a moment without one proves nothing. */
function quiet() {
  return new Promise((done) => {
    let since = performance.now();
    const observer = new MutationObserver(() => (since = performance.now()));
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    const began = since;
    const timer = setInterval(() => {
      const busy = document.querySelector('[aria-busy="true"]') !== null;
      if (busy) since = performance.now();
      if (performance.now() - since < 400 && performance.now() - began < 20_000) return;
      clearInterval(timer);
      observer.disconnect();
      done();
    }, 50);
  });
}

function index() {
  const screens = [...new Set(made.map((one) => one.screen))];
  const figure = (one) => `<figure><a href="${one.file}"><img src="${one.file}" loading="lazy"></a><figcaption>${one.state}, ${one.size}, ${one.theme}</figcaption></figure>`;
  const section = (screen) => `<h2>${screen}</h2><div>${made.filter((one) => one.screen === screen).map(figure).join('')}</div>`;
  return `<!doctype html><meta charset="utf-8"><title>Screens of Evaldesk</title>
<style>body{font:14px system-ui;margin:24px;background:#888}div{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;width:420px}img{width:100%}figcaption{color:#fff}</style>
<h1>Screens of Evaldesk</h1><p>${results.toLocaleString('en')} results in the database called million.</p>${screens.map(section).join('\n')}\n`;
}

await main();
