/** The plan of a statement, as the pictures of the design have it: a slow filter over a large table, run and measured. */
const SLOW = `select r.id, c.name, r.created_at
from   evaluation_results r
join   evaluation_configurations c on c.id = r.evaluation_configuration_id
join   evaluation_runs u on u.id = r.evaluation_run_id
where  r.baseline_comparison ->> 'regression_detected' = 'true'
order by r.created_at desc`;

const WRITE = `update evaluation_runs
set    description = name
where  status = 'completed'`;
const ORDERED = `select id, status, updated_at
from   evaluation_results
order by updated_at desc
limit  20`;

/** What is done in a tab before its picture is taken, by the picture's state, and which of the databases it is of. */
export const EXPLAINED = {
  planned: { of: 'million', then: (page) => explain(page, SLOW) },
  analyzed: { of: 'million', then: async (page) => {
    await explain(page, SLOW);
    await analyze(page);
    await page.getByText('ran read-only', { exact: false }).waitFor({ timeout: 60_000 });
  } },
  index: { of: 'million', then: async (page) => {
    await explain(page, ORDERED);
    await analyze(page);
    await page.getByText('ran read-only', { exact: false }).waitFor({ timeout: 60_000 });
    await aside(page);
  } },
  running: { of: 'million', then: async (page) => {
    await explain(page, "select status, count(*), pg_sleep(600) from evaluation_results group by status");
    await analyze(page);
    await page.getByRole('progressbar', { name: 'Running it to measure' }).waitFor();
  } },
  small: { of: 'few', then: async (page) => {
    await explain(page, "select id, name, status from evaluation_runs\nwhere  status = 'completed'");
    await page.getByRole('button', { name: 'What if no seq scan?' }).click();
    await page.getByRole('button', { name: 'What if no seq scan?' }).and(page.locator(':not([aria-busy=true])')).waitFor();
    await aside(page);
  } },
  asks: { of: 'few', then: async (page) => {
    await explain(page, WRITE);
    await analyze(page);
    await page.getByRole('button', { name: 'Run it and roll back' }).waitFor();
  } },
  'rolled-back': { of: 'few', then: async (page) => {
    await explain(page, WRITE);
    await analyze(page);
    await page.getByRole('button', { name: 'Run it and roll back' }).click();
    const agree = page.getByRole('alertdialog').getByRole('button', { name: /^(Run|Update|Change)/ });
    await agree.or(page.getByText('ran and rolled back', { exact: false })).first().waitFor();
    if (await agree.count()) await agree.click();
    await page.getByText('ran and rolled back', { exact: false }).waitFor();
    await aside(page);
  } },
  error: { of: 'million', then: async (page) => {
    await write(page, 'select nme from evaluation_runs');
    await page.getByText('column "nme" does not exist', { exact: false }).first().waitFor();
  } },
};

const analyze = (page) => page.getByRole('button', { name: 'Analyze', exact: true }).click();

/** Where there is no room beside the tree, what is said about the plan is behind a button. */
async function aside(page) {
  const shown = page.getByRole('button', { name: /^(Why it is slow|About it)$/ });
  if (await shown.count()) await shown.first().click();
}

async function explain(page, sql) {
  await write(page, sql);
  await page.getByRole('tree', { name: 'Nodes of the plan' }).waitFor();
}

async function write(page, sql) {
  await page.getByRole('textbox', { name: /^SQL of/ }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Shift+E');
}
