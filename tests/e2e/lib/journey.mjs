/** What every journey stands on: a home, the bridge, a browser; and a picture when it fails. */
import { after, before, test } from 'node:test';
import { Bridge } from './bridge.mjs';
import { keepPicture, launch, openPage } from './browser.mjs';
import { Home } from './home.mjs';

/** Prepares once a file; `with` prepares the data. */
export function journeys(prepare = async () => undefined) {
  const stage = {};
  before(async () => {
    stage.home = new Home();
    stage.bridge = await Bridge.start(stage.home);
    stage.browser = await launch();
    await prepare(stage);
  });
  after(async () => {
    await stage.browser?.close();
    await stage.bridge?.stop();
    await stage.home?.remove();
  });
  return (name, steps) => test(name, { timeout: 120_000 }, () => walk(stage, name, steps));
}

async function walk(stage, name, steps) {
  const page = await openPage(stage.browser);
  try {
    await steps({ ...stage, page });
    if (page.complaints.length > 0) throw new Error(`the page complained:\n${page.complaints.join('\n')}`);
  } catch (error) {
    await keepPicture(page, name);
    throw error;
  } finally {
    await page.context().close();
  }
}

/** Opens the local database with a small demo history, without going through the screens. */
export async function withLocalData({ bridge }, { runs = 40, results = 240 } = {}) {
  await bridge.job('local_open', { sample: false });
  await bridge.job('demo_load', { connection: 'local', runs, results, seed: 7, append: true });
}
