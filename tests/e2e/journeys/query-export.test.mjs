/** A whole result into a file: as CSV, as Parquet, what is shown of it, over a file that is there, and a cancel. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { journeys, withLocalData } from '../lib/journey.mjs';

const journey = journeys(async (stage) => {
  stage.server = await stage.home.cli('local', 'start', '--json');
  await withLocalData(stage);
});

const folder = mkdtempSync(path.join(tmpdir(), 'evaldesk-export-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const grid = (page) => page.getByRole('grid').filter({ visible: true });
const dialog = (page) => page.getByRole('dialog', { name: /^Export/ });
let next = 0;

/** A tab that has run a statement. */
async function ran(page, bridge, sql) {
  const name = `e${(next += 1)}x${Date.now().toString(36)}`;
  await page.goto(bridge.at(`#/c/local/query/${name}`));
  await page.getByRole('textbox', { name: /^SQL of/ }).click();
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Enter');
  await page.locator('.runbar').filter({ hasText: 'Done' }).waitFor();
}

/** Opens the dialog, chooses a format and a file, and begins. */
async function begin(page, format, file) {
  await page.getByRole('button', { name: 'Export all' }).filter({ visible: true }).click();
  await dialog(page).getByRole('radio', { name: new RegExp(`^${format}`) }).check();
  await dialog(page).getByRole('textbox', { name: 'File' }).fill(path.join(folder, file));
  await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
}

async function finished(page, file) {
  await dialog(page).getByText('SHA-256').waitFor();
  const bytes = readFileSync(path.join(folder, file));
  const manifest = JSON.parse(readFileSync(path.join(folder, `${file}.manifest.json`), 'utf8'));
  assert.equal(manifest.sha256, createHash('sha256').update(bytes).digest('hex'));
  await dialog(page).getByText(manifest.sha256).waitFor();
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click();
  return { bytes, manifest };
}

journey('the whole result as CSV, not the rows that are shown', async ({ page, bridge }) => {
  await ran(page, bridge, "select n, 'row ' || n as name, null as nothing, '' as empty from generate_series(1, 300000) n");
  await begin(page, 'CSV', 'all.csv');
  const { bytes, manifest } = await finished(page, 'all.csv');
  const lines = bytes.toString().split('\r\n');
  assert.deepEqual([lines.length, lines[0], lines[300000]], [300002, 'n,name,nothing,empty', '300000,row 300000,,""']);
  assert.deepEqual([manifest.rows, manifest.source], [300000, 'the rows that the tab had']);
});

journey('as Parquet, and a file that is there is replaced only when that is said', async ({ page, bridge }) => {
  await ran(page, bridge, 'select n, now() as at, n % 2 = 0 as even from generate_series(1, 1000) n');
  await begin(page, 'Parquet', 'typed.parquet');
  const { bytes, manifest } = await finished(page, 'typed.parquet');
  assert.equal(bytes.subarray(0, 4).toString() + bytes.subarray(-4).toString(), 'PAR1PAR1');
  assert.deepEqual(manifest.columns.map((column) => column.writtenAs), ['INT32', 'INT64 timestamp, microseconds, UTC', 'BOOLEAN']);
  await begin(page, 'Parquet', 'typed.parquet');
  await dialog(page).getByText('is already there', { exact: false }).first().waitFor();
  assert.ok(readFileSync(path.join(folder, 'typed.parquet')).equals(bytes));
  await dialog(page).getByRole('radio', { name: /^CSV/ }).check();
  await dialog(page).getByRole('textbox', { name: 'File' }).fill(path.join(folder, 'typed.parquet'));
  await dialog(page).getByRole('button', { name: 'Export', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Replace the file' }).click();
  assert.equal((await finished(page, 'typed.parquet')).manifest.format, 'csv');
});

journey('what is shown, sorted and filtered', async ({ page, bridge }) => {
  await ran(page, bridge, "select n as id, 'row ' || n as name from generate_series(1, 2000) n");
  await grid(page).getByRole('columnheader', { name: /id/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await grid(page).getByRole('columnheader', { name: /name/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('199');
  await page.keyboard.press('Enter');
  await page.getByText('sorted and filtered here, over all 2,000 rows').waitFor();
  await begin(page, 'TSV', 'shown.tsv');
  const { bytes } = await finished(page, 'shown.tsv');
  const rows = bytes.toString().trim().split('\n');
  assert.deepEqual([rows.length, rows[1], rows[12]], [13, '1999\trow 1999', '199\trow 199']);
});

journey('a long one shows how far it is, and a cancel leaves nothing', async ({ page, bridge }) => {
  await ran(page, bridge, "select n, repeat(md5(n::text), 8) as long from generate_series(1, 3000000) n");
  await begin(page, 'JSON lines', 'long.jsonl');
  await dialog(page).getByText(/rows/).filter({ visible: true }).first().waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel the export' }).click();
  await dialog(page).getByText('It was cancelled', { exact: false }).waitFor();
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith('long')), []);
  assert.ok(!existsSync(path.join(folder, 'long.jsonl.partial')));
});
