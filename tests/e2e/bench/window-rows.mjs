/**
 * A million rows, and ten million, in the true window: when the first are painted, when all can be looked at, and what
 * memory they cost. psql reads the same rows to nothing, by turns. Run by `cargo xtask bench window`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { browsed, framed } from '../lib/frames-page.mjs';
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
  const [theirs, ours, frames] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(copy(server));
    ours.push(await rows(ALL, MILLION));
    frames.push(await longest(ALL));
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
    longestBlockedMs: Math.max(...frames),
  };
}

/** Writes the text, and runs it by its button: times as `browsed` takes them in the page, or the longest frame. */
async function rows(sql, count) {
  const took = await inPage(sql, browsed, count);
  return { first: took.firstMs, all: took.completeMs, jump: took.lastRowMs - took.completeMs };
}

/** The longest time without a frame while rows come: in a run of its own, to look at every frame takes time too. */
function longest(sql) {
  return inPage(sql, framed);
}

async function inPage(sql, does, ...words) {
  await opened.write(sql);
  const answer = await opened.window.executeAsyncScript(
    `const done = arguments[arguments.length - 1]; (${does})(...arguments).then((value) => done({ value }), (error) => done({ error: String(error) }));`,
    ...words,
  );
  if (answer.error) throw new Error(`the rows did not come: ${answer.error}`);
  return answer.value;
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
