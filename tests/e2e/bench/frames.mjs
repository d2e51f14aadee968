/**
 * A million and ten million rows as a person sees them, measured in the page: from Run until the last row is painted,
 * frames while it scrolls, jumps, nodes, memory. JSON on standard output; psql reads the same rows beside it, in turn.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Bridge } from '../lib/bridge.mjs';
import { launch, openPage } from '../lib/browser.mjs';
import { browsed, framed, jumped, scrolled, watchWindows } from '../lib/frames-page.mjs';
import { Home } from '../lib/home.mjs';
import { engine, root } from '../lib/places.mjs';

const ROUNDS = Number(process.env.EVALDESK_BENCH_ROUNDS ?? 5);
/** Without the ten million rows, for a quick look. */
const SHORT = process.argv.includes('--million');
const MILLION = { rows: 1_000_000, sql: 'select * from bench' };
const TENFOLD = { rows: 10_000_000, sql: 'select bench.* from bench cross join generate_series(1, 10)' };

const told = (words) => process.stderr.write(`${words}\n`);
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Math.round(value * 10) / 10;

async function main() {
  const home = new Home();
  const bridge = await Bridge.start(home);
  const browser = await launch();
  try {
    const server = await home.cli('local', 'start', '--json');
    await bridge.job('local_open', { sample: false });
    told('making the table');
    await ran(bridge, `set statement_timeout = 0;\n${readFileSync(path.join(root, 'tests/bench/table.sql'), 'utf8')};\nvacuum analyze bench;`);
    console.log(JSON.stringify(await measured(browser, bridge, home, server), null, 2));
  } finally {
    await browser.close();
    await bridge.stop();
    await home.remove();
  }
}

async function measured(browser, bridge, home, server) {
  const page = await openPage(browser);
  await page.addInitScript(watchWindows);
  const memory = await heapOf(page);
  await openTab(page, bridge);
  const before = await memory();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const psql = await copied(home, server);
    const ours = await run(page, MILLION);
    const worstMs = await watched(page, MILLION);
    told(`round ${round + 1}: psql ${psql.all.toFixed(0)} ms, in the page ${ours.lastRowMs.toFixed(0)} ms`);
    rounds.push({ psql, ours, worstMs });
  }
  const of = (pick) => rounded(middle(rounds.map(pick)));
  const [psqlMs, lastRowMs] = [of((one) => one.psql.all), of((one) => one.ours.lastRowMs)];
  const million = await looked(page, memory, before);
  const tenMillion = SHORT ? null : await tenfold(page, memory, before);
  if (page.complaints.length > 0) throw new Error(page.complaints.join('\n'));
  return {
    rounds: ROUNDS,
    psqlCopyMs: psqlMs,
    psqlFirstRowMs: of((one) => one.psql.first),
    firstRowsPaintedMs: of((one) => one.ours.firstMs),
    runToCompleteMs: of((one) => one.ours.completeMs),
    runToLastRowMs: lastRowMs,
    runToLastRowRatio: Math.round((lastRowMs / psqlMs) * 1000) / 1000,
    worstFrameWhileStreamingMs: rounded(Math.max(...rounds.map((one) => one.worstMs))),
    million,
    tenMillion,
  };
}

async function tenfold(page, memory, before) {
  told('ten million rows');
  const worstMs = await watched(page, TENFOLD);
  const ran = await run(page, TENFOLD);
  return { runToLastRowMs: rounded(ran.lastRowMs), worstFrameWhileStreamingMs: rounded(worstMs), ...(await looked(page, memory, before)) };
}

/** Everything that is looked at in a result that is whole. */
async function looked(page, memory, before) {
  const scroll = await page.evaluate(scrolled);
  const jumps = await page.evaluate(jumped);
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  return { scroll, jumps, nodes, heapGrowthMb: rounded(((await memory()) - before) / 1e6) };
}

async function run(page, { rows, sql }) {
  await write(page, sql);
  return page.evaluate(browsed, rows);
}

/** A run of its own: to look at every frame takes time too. */
async function watched(page, { sql }) {
  await write(page, sql);
  return page.evaluate(framed);
}

async function openTab(page, bridge) {
  await page.goto(bridge.at('#/c/local/query/frames'));
  const editor = page.getByRole('textbox', { name: /^SQL of/ });
  await editor.waitFor();
  // The tab's session keeps it: ten million rows take longer than a connection usually lets a statement.
  await write(page, 'set statement_timeout = 0;\nselect 1');
  await page.evaluate(browsed, 1);
}

async function write(page, sql) {
  await page.getByRole('textbox', { name: /^SQL of/ }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(sql);
}

/** What the page's JavaScript holds, once nothing is left to collect. */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find((one) => one.name === 'JSHeapUsedSize').value;
  };
}

async function ran(bridge, text) {
  const tab = 'frames-table';
  const run = { tab, connection: 'local', text, range: { kind: 'all' }, parameters: [], consent: null, sort: [] };
  const reply = await bridge.call('query_run', run);
  if (reply.kind !== 'started') throw new Error(`it did not start: ${JSON.stringify(reply)}`);
  for (;;) {
    const state = await bridge.call('query_state', { tab });
    const failed = state.statements.find((one) => one.error);
    if (failed) throw new Error(failed.error.message);
    if (state.run > 0 && state.phase === 'idle') break;
    await new Promise((done) => setTimeout(done, 200));
  }
  await bridge.call('query_close', { tab });
}

/** psql writes the same rows to nothing; and, for its first row alone, to a pipe that is closed then. */
async function copied(home, server) {
  return { first: await psql(home, server, 'pipe'), all: await psql(home, server, 'ignore') };
}

/** Milliseconds until psql has its first row where that is piped, else until it has ended. */
function psql(home, server, out) {
  const password = readFileSync(server.passwordFile, 'utf8').trim();
  const url = ['-h', '127.0.0.1', '-p', String(server.status.port), '-U', 'evaldesk', '-d', 'raaf_eval_local'];
  const begun = performance.now();
  const child = spawn(path.join(engine(), 'bin/psql'), ['-X', ...url, '-c', `copy (${MILLION.sql}) to stdout`], {
    env: { ...home.environment, PGPASSWORD: password }, stdio: ['ignore', out, out === 'pipe' ? 'ignore' : 'inherit'],
  });
  let took = null;
  child.stdout?.once('data', () => ((took = performance.now() - begun), child.stdout.destroy()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (took !== null || code === 0 ? resolve(took ?? performance.now() - begun) : reject(new Error(`psql ended with ${code}`))));
  });
}

await main();
