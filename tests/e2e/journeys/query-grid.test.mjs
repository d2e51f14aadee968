/** Rows as they are looked at: columns laid out by keyboard and mouse, two clocks, copying, finding, names of any kind. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';
import { asked, cells, connectionTo, done, grid, head, heads, run, tab } from '../lib/querying.mjs';

const journey = journeys(async (stage) => {
  stage.server = await stage.home.cli('local', 'start', '--json');
  await withLocalData(stage, { runs: 2, results: 4 });
});

const FOUR = "select n as a, 'b' || n as b, n * 10 as c, 'd' || n as d from generate_series(1, 3) n";
const width = async (page, name) => (await head(page, name).boundingBox()).width;
async function choose(page, name, item) {
  await head(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

journey('columns are hidden, shown, pinned and fitted by the menu', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, FOUR);
  await done(page);
  await choose(page, /^b/, 'Hide');
  assert.deepEqual(await heads(page), ['a', 'c', 'd']);
  await choose(page, /^d/, 'Pin at the left');
  assert.deepEqual(await heads(page), ['d', 'a', 'c']);
  await choose(page, /^a/, 'Show 1 hidden');
  assert.deepEqual(await heads(page), ['d', 'a', 'b', 'c']);
  await choose(page, /^d/, 'Let it scroll');
  assert.deepEqual(await heads(page), ['a', 'b', 'c', 'd']);
  await choose(page, /^c/, 'Move left');
  assert.deepEqual(await heads(page), ['a', 'c', 'b', 'd']);
});

journey('by the keyboard columns get wider, move, and have a menu', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, FOUR);
  await done(page);
  await grid(page).focus();
  const before = await width(page, /^a/);
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await page.keyboard.press('Alt+Shift+ArrowRight');
  assert.equal(await width(page, /^a/), before + 32);
  await page.keyboard.press('Alt+Shift+ArrowLeft');
  assert.equal(await width(page, /^a/), before + 16);
  await page.keyboard.press('Control+Alt+ArrowRight');
  assert.deepEqual(await heads(page), ['b', 'a', 'c', 'd']);
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menu', { name: 'Cell' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('menu', { name: 'Column' }).getByRole('menuitem', { name: 'Hide' }).press('Enter');
  assert.deepEqual(await heads(page), ['b', 'c', 'd']);
});

journey('by the mouse a column is pulled wider and dragged elsewhere', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, FOUR);
  await done(page);
  const box = await head(page, /^a/).boundingBox();
  await page.mouse.move(box.x + box.width - 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 58, box.y + 10, { steps: 4 });
  await page.mouse.up();
  assert.equal(Math.round(await width(page, /^a/)), Math.round(box.width + 60));
  const [from, to] = [await head(page, /^b/).boundingBox(), await head(page, /^d/).boundingBox()];
  await page.mouse.move(from.x + 12, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width - 8, to.y + 10, { steps: 8 });
  await page.mouse.up();
  assert.deepEqual(await heads(page), ['a', 'c', 'd', 'b']);
});

journey('a moment is shown at UTC or at the clock of this machine, and copied as the server wrote it', async ({ browser, bridge }) => {
  const context = await browser.newContext({ timezoneId: 'Asia/Kathmandu', viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await tab(page, bridge);
  await run(page, "select timestamptz '2026-03-01 22:30:00.123456+00' as at, 'infinity'::timestamptz as never, timestamp '2026-03-01 22:30:00' as plain");
  await done(page);
  const shown = async () => (await cells(page).allInnerTexts()).map((text) => text.split(',')[0].trim());
  assert.deepEqual(await shown(), ['2026-03-01 22:30:00.123456+00', 'infinity', '2026-03-01 22:30:00']);
  await page.getByRole('radio', { name: 'Local' }).click();
  assert.deepEqual(await shown(), ['2026-03-02 04:15:00.123456+05:45', 'infinity', '2026-03-01 22:30:00']);
  await cells(page).first().click();
  await page.keyboard.press('Control+C');
  await page.getByText('Copied the value as TSV').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'at\n2026-03-01 22:30:00.123456+00\n');
  await page.getByRole('radio', { name: 'UTC' }).click();
  await context.close();
});

journey('what is selected is copied as each format', async ({ browser, bridge }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await asked(bridge, "create table copied (id int primary key, text text, doc jsonb); insert into copied values (1, E'tab\\there, \"quoted\" | line\\nbreak', '{\"n\": 12345678901234567890}'), (2, null, null), (3, '', '[]')");
  await tab(page, bridge);
  await run(page, 'select * from copied order by id');
  await done(page);
  await grid(page).focus();
  await page.keyboard.press('Control+A');
  const copied = {
    TSV: 'id\ttext\tdoc\n1\ttab\\there, "quoted" | line\\nbreak\t{"n": 12345678901234567890}\n2\t\\N\t\\N\n3\t\t[]\n',
    CSV: 'id,text,doc\n1,"tab\there, ""quoted"" | line\nbreak","{""n"": 12345678901234567890}"\n2,,\n3,"",[]\n',
    JSON: '[\n  {"id": 1, "text": "tab\\there, \\"quoted\\" | line\\nbreak", "doc": {"n": 12345678901234567890}},\n  {"id": 2, "text": null, "doc": null},\n  {"id": 3, "text": "", "doc": []}\n]\n',
    Markdown: '| id | text | doc |\n| --- | --- | --- |\n| 1 | tab\there, "quoted" \\| line<br>break | {"n": 12345678901234567890} |\n| 2 | NULL | NULL |\n| 3 |  | [] |\n',
    INSERT: `insert into "public"."copied" ("id", "text", "doc") values ('1', 'tab\there, "quoted" | line\nbreak', '{"n": 12345678901234567890}');\ninsert into "public"."copied" ("id", "text", "doc") values ('2', null, null);\ninsert into "public"."copied" ("id", "text", "doc") values ('3', '', '[]');\n`,
  };
  for (const [format, expected] of Object.entries(copied)) {
    await page.getByRole('button', { name: 'Copy as' }).click();
    await page.getByRole('menuitem', { name: format }).click();
    await page.getByText(`Copied 3 rows × 3 columns as ${format}`).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), expected, format);
  }
  await context.close();
});

journey('a text is found forwards, backwards and round, and in a sorted result by its place there', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select n as id, 'row ' || n as name from generate_series(1, 5000) n");
  await done(page);
  await choose(page, /^id/, 'Sort descending');
  await page.getByText('sorted here').waitFor();
  await grid(page).focus();
  await page.keyboard.press('Control+F');
  const field = page.getByRole('textbox', { name: 'Find in the whole result' });
  await field.fill('ROW 123');
  await page.keyboard.press('Enter');
  await page.getByText('Row 3,762 of 5,000').waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.getByText('Row 4,878 of 5,000').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Row 3,762 of 5,000').waitFor();
  await field.fill('nowhere');
  await page.keyboard.press('Enter');
  await page.getByText('nowhere in this result').waitFor();
});

journey('sixteen hundred columns, two of one name: few are drawn, all can be reached', async ({ page, bridge }) => {
  await tab(page, bridge);
  const columns = Array.from({ length: 1598 }, (_, at) => `${at} as "column ${at}"`).join(', ');
  await run(page, `select ${columns}, 'first' as twice, 'second' as twice`);
  await done(page);
  const nodes = await page.evaluate(() => document.querySelectorAll('body *').length);
  assert.ok(nodes < 1200, `${nodes} nodes`);
  assert.equal(await grid(page).getAttribute('aria-colcount'), '1601');
  await grid(page).focus();
  await page.keyboard.press('End');
  await cells(page).filter({ hasText: 'second' }).waitFor();
  await cells(page).filter({ hasText: 'first' }).waitFor();
  assert.equal(await head(page, /twice/).count(), 2);
  await page.keyboard.press('Home');
  await head(page, /^column 0/).waitFor();
});

journey('three hundred megabytes in a cell are cut, looked at by parts, and hold nothing up', async ({ page, bridge }) => {
  await tab(page, bridge);
  await run(page, "select 1 as id, repeat('0123456789', 31457280) as huge, 'after' as last");
  await done(page);
  await cells(page).nth(1).filter({ hasText: '300 MB' }).waitFor();
  await cells(page).nth(1).click();
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: /Value of huge/ });
  await pane.getByText('of 300 MB are here').waitFor();
  await pane.getByRole('button', { name: 'Fetch more' }).click();
  await pane.getByText(/^2\.\d+ MB of 300 MB are here/).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+C');
});

journey('names with quotes, line ends, emoji and markup are shown as they are, wherever they stand', async ({ page, bridge }) => {
  const name = 'the "quoted" <script>alert(1)</script> 🦀';
  const quoted = `"${name.replaceAll('"', '""')}"`;
  await asked(bridge, `create table ${quoted} ("id" int primary key, "two\nlines" text); insert into ${quoted} values (1, 'x')`);
  await tab(page, bridge);
  await run(page, `select * from ${quoted}`);
  await done(page);
  await head(page, /two\s+lines/).waitFor();
  await cells(page).nth(1).dblclick();
  await page.getByRole('textbox', { name: /New value of two\s+lines/ }).fill('y');
  await page.keyboard.press('Enter');
  await page.getByText(`1 change of ${name}`).waitFor();
  await page.getByRole('button', { name: 'Review…' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText(`update "public".${quoted}`).waitFor();
  await dialog.getByRole('button', { name: 'Write 1 change' }).click();
  await page.getByText(`1 row of ${name} written`).waitFor();
  await head(page, /two\s+lines/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('<img src=x onerror=alert(2)>');
  await page.keyboard.press('Enter');
  await page.getByText('No row matches').waitFor();
  assert.equal(await page.locator('img, script:not([src])').count(), 0);
});

journey('bytes of an SQL_ASCII database that are no text are shown as they are', async ({ page, bridge, server }) => {
  await asked(bridge, "create database bytes encoding 'SQL_ASCII' locale_provider libc lc_collate 'C' lc_ctype 'C' template template0");
  const connection = await connectionTo(server, bridge, { name: 'Old bytes' }, 'bytes');
  await tab(page, bridge, { connection });
  await run(page, "select convert_from('\\xff41c3a4fe'::bytea, 'SQL_ASCII') as bytes");
  await done(page);
  await cells(page).filter({ hasText: '\\xFFAä\\xFE' }).waitFor();
});
