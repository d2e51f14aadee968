/** The plan of a statement, as the pictures of the design have it: a slow filter over a large table, run and measured. */
const SLOW = `select r.id, c.name, r.created_at
from   evaluation_results r
join   evaluation_configurations c on c.id = r.evaluation_configuration_id
join   evaluation_runs u on u.id = r.evaluation_run_id
where  r.baseline_comparison ->> 'regression_detected' = 'true'
order by r.created_at desc`;

/** What is done in a tab before its picture is taken, by the picture's state. */
export const EXPLAINED = {
  planned: (page) => explain(page, SLOW),
  analyzed: async (page) => {
    await explain(page, SLOW);
    await page.getByRole('button', { name: 'Analyze', exact: true }).click();
    await page.getByText('ran read-only', { exact: false }).waitFor({ timeout: 60_000 });
  },
  error: async (page) => {
    await write(page, 'select nme from evaluation_runs');
    await page.getByText('column "nme" does not exist', { exact: false }).first().waitFor();
  },
};

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
