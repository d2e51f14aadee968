/**
 * A million rows, and ten million, in the true window: when the first are painted, when all can be looked at, and what
 * memory they cost. psql reads the same rows to nothing, by turns. Run by `cargo xtask bench window`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Home } from '../lib/home.mjs';
import { root } from '../lib/places.mjs';
import { TrueWindow } from '../lib/true-window.mjs';

const ROUNDS = Number(process.env.EVALDESK_BENCH_ROUNDS ?? 5);
const MILLION = 1_000_000;
const ALL = 'select * from bench';
const TENFOLD = 'select bench.* from bench cross join generate_series(1, 10)';

const home = new Home();
let opened;
try {
  const server = await home.cli('local', 'start', '--json');
  await home.cli('migrate', 'up', '--json');
  for (const words of [['--file', path.join(root, 'tests/bench/table.sql')], ['--command', 'vacuum analyze bench']]) psql(server, words);
  opened = await TrueWindow.open(home);
  console.log(JSON.stringify(await measure(server), null, 2));
} finally {
  await opened?.close();
  await home.remove();
}

async function measure(server) {
  await opened.until(() => document.querySelector('[role="grid"], main h1, main h2') !== null);
  await opened.window.executeScript("location.hash = '#/c/local/query/bench'");
  await opened.editor();
  // The first run of each pays for what is loaded once: it is not counted.
  copy(server);
  await rows(`set statement_timeout = 0;\n${ALL}`, MILLION);
  await rest(4000);
  const before = memory();
  const most = { megabytes: before };
  const watch = setInterval(() => (most.megabytes = Math.max(most.megabytes, memory())), 250);
  const [theirs, ours] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(copy(server));
    ours.push(await rows(ALL, MILLION));
  }
  const million = most.megabytes - before;
  const tenfold = await rows(TENFOLD, 10 * MILLION);
  clearInterval(watch);
  const all = middle(ours.map((one) => one.all));
  const thrown = middle(theirs.map((one) => one.all));
  return {
    rows: MILLION, psqlCopyMs: thrown, allRowsBrowsableMs: all, ratio: all / thrown,
    psqlFirstRowMs: middle(theirs.map((one) => one.first)), firstRowsPaintedMs: middle(ours.map((one) => one.first)),
    lastRowPaintedAfterJumpMs: middle(ours.map((one) => one.jump)),
    memoryBeforeMb: before, memoryGrowthMb: million, tenMillionMs: tenfold.all, tenMillionMemoryGrowthMb: most.megabytes - before,
    longestBlockedMs: Math.max(...ours.map((one) => one.longest), tenfold.longest),
  };
}

/** Writes the text, runs it by its button, and takes the times in the page itself. */
async function rows(sql, count) {
  await opened.write(sql);
  await opened.until(() => [...document.querySelectorAll('button')].some((one) => one.textContent.trim() === 'Run all' && one.getAttribute('aria-disabled') !== 'true' && !one.disabled));
  const took = await opened.window.executeAsyncScript((expected, done) => {
    const grid = () => document.querySelector('[role="grid"]');
    const old = grid();
    const times = { longest: 0 };
    let frame = performance.now();
    const begun = frame;
    [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Run all').click();
    const look = () => {
      const now = performance.now();
      times.longest = Math.max(times.longest, now - frame);
      frame = now;
      const shown = grid();
      const fresh = shown !== null && shown !== old;
      // A frame that finds rows paints them: the next one is after that.
      if (times.first === undefined && times.found) times.first = now - begun;
      if (fresh && shown.querySelector('[role="gridcell"]') !== null) times.found = true;
      const rows = Number(shown?.getAttribute('aria-rowcount') ?? 0) - 1;
      const over = document.querySelector('.runbar')?.textContent.includes('Done');
      if (times.first !== undefined && rows === expected && over) {
        times.all = now - begun;
        done(times);
      } else if (now - begun > 300_000) done({ ...times, rows, said: document.querySelector('.runbar')?.textContent });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, count);
  if (took.all === undefined) throw new Error(`the rows did not come: ${JSON.stringify(took)}`);
  took.jump = await opened.window.executeAsyncScript((last, done) => {
    const grid = document.querySelector('[role="grid"]');
    grid.focus();
    const begun = performance.now();
    grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', ctrlKey: true, bubbles: true }));
    const look = () => {
      const row = grid.querySelector(`[role="row"][aria-rowindex="${last + 1}"] [role="gridcell"]`);
      if (row?.textContent.trim()) requestAnimationFrame(() => done(performance.now() - begun));
      else requestAnimationFrame(look);
    };
    look();
  }, count);
  return took;
}

/** Milliseconds until psql has its first row, and until it has thrown all of them away. */
function copy(server) {
  const words = ['--command', `copy (${ALL}) to stdout`];
  return { first: psql(server, words, '| head -c 1'), all: psql(server, words) };
}

/** Milliseconds that psql takes. */
function psql({ status, passwordFile }, words, into = '') {
  const { port, user, database, engine: { bin } } = status;
  const begun = performance.now();
  const ended = spawnSync('sh', ['-c', `"$@" ${into} > /dev/null`, 'sh', path.join(bin, 'psql'), '-X', '-q', '-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database, ...words], {
    env: { ...process.env, PGPASSWORD: readFileSync(passwordFile, 'utf8').trim() }, encoding: 'utf8',
  });
  if (ended.status !== 0) throw new Error(`psql: ${ended.stderr}`);
  return performance.now() - begun;
}

/** The summed proportional set size of the app and all below it that is no PostgreSQL, in MB. */
function memory() {
  const parents = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${id}/stat`);
    if (stat) parents.set(Number(id), { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) });
  }
  const app = [...parents].find(([, one]) => one.name.startsWith('evaldesk-deskto'))?.[0];
  const below = (id) => [id, ...[...parents].filter(([, one]) => one.parent === id).flatMap(([child]) => below(child))];
  const counted = below(app).filter((id) => !parents.get(id).name.startsWith('postgres'));
  return counted.reduce((sum, id) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${id}/smaps_rollup`) ?? '')?.[1] ?? 0), 0) / 1000;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function rest(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
