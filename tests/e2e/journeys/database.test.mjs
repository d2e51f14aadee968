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
  await page.getByText('reads and writes go on').first().waitFor();
  await page.getByRole('button', { name: 'Vacuum and analyze 4 tables' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: /vacuum/i });
  await confirm.click({ timeout: 1000 }).catch(() => undefined); // Development needs no second word.
  const job = await ended(page, bridge);
  assert.equal(job.state, 'done', job.failure?.message);
  assert.equal(job.connectionId, 'local');
});

/** The job is the backend's: what the screen started is asked for there. */
async function ended(page, bridge) {
  for (let tries = 0; tries < 150; tries += 1) {
    const job = (await bridge.call('job_list')).find((one) => /maintenance|vacuum/i.test(one.kind));
    if (job && !['running', 'cancelling'].includes(job.state)) return job;
    await page.waitForTimeout(200);
  }
  throw new Error('no vacuum job ended within 30 s');
}

journey('migrations say what is up', async ({ page, bridge }) => {
  await page.goto(bridge.at('#/c/local/migrations'));
  await page.getByText('create_evaluation_tables').first().waitFor();
});
