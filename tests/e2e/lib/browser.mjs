/** Chromium, from the system: a browser of Playwright's own cannot be fetched everywhere. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { out } from './places.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
];

export function launch() {
  const executablePath = process.env.EVALDESK_CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) throw new Error('chromium is not installed: run `cargo xtask test`');
  return chromium.launch({ executablePath, args: QUIET });
}

/** A page that fails the test for what a person would not notice: errors in the console, and refusals of the policy. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    // A refused command answers 400, which the console reports: the screen shows it, so it is no complaint.
    // The icon of the site is the browser's own wish.
    const ordinary = /status of 400/.test(message.text()) || message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && !ordinary) page.complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.setDefaultTimeout(30_000);
  return page;
}

/** A picture for the reader of a failed run. */
export async function keepPicture(page, name) {
  mkdirSync(out, { recursive: true });
  await page.screenshot({ path: path.join(out, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`) }).catch(() => undefined);
}
