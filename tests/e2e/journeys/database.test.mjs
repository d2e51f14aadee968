/** Looking after a database: tables and rows, index sizes, a job with progress, migrations. */
import assert from 'node:assert/strict';
import { journeys, withLocalData } from '../lib/journey.mjs';

const journey = journeys((stage) => withLocalData(stage));

journey('a table shows its columns and its rows', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/schema/public/evaluation_results'));
  await page.getByText('evaluation_configuration_id').first().waitFor();
  await page.getByRole('tab', { name: /Rows/ }).click();
  await page.getByRole('grid').getByRole('row').nth(5).waitFor();
});

journey('index sizes are a chart with words beside it', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/indexes'));
  await page.getByRole('img', { name: /index/i }).first().waitFor();
  await page.getByText(/The largest is index_evaluation_spans_on_span_data/).filter({ visible: true }).first().waitFor();
  await page.getByRole('gridcell', { name: 'index_evaluation_spans_on_span_data' }).waitFor();
});

journey('VACUUM ANALYZE is planned, runs as a job and tells its outcome', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/maintenance'));
  await page.getByText(/vacuum/i).first().waitFor();
  await page.getByRole('button', { name: /vacuum/i }).last().click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: /vacuum|run/i });
  if (await confirm.isVisible().catch(() => false)) await confirm.click();
  for (let tries = 0; ; tries += 1) {
    const jobs = await bridge.call('job_list');
    const job = jobs.find((one) => /maintenance|vacuum/i.test(one.kind));
    if (job?.state === 'done') break;
    assert.ok(tries < 100, `no vacuum job ended: ${JSON.stringify(jobs)}`);
    await page.waitForTimeout(200);
  }
  const { tables } = await bridge.call('overview_show', { connection: 'local' }).then((reply) => reply.overview ?? reply);
  assert.ok(Array.isArray(tables));
});

journey('migrations say what is up', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/migrations'));
  await page.getByText('create_evaluation_tables').first().waitFor();
});
