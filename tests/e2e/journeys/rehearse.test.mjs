/** A rehearsal in the window: what it takes for real, what it measures, what it leaves out, and what it leaves behind. */
import assert from 'node:assert/strict';
import { journeys } from '../lib/journey.mjs';
import { Migrating } from '../lib/migrating.mjs';

const journey = journeys(async (stage) => {
  stage.migrating = await Migrating.start(stage);
});

const SCORES = { up: 'create table scores (id int primary key, value int);\n', down: 'drop table scores;\n' };
const PENDING = {
  '20260101000002_note_on_scores': { up: 'alter table scores add note text;\nalter table scores alter value type bigint;\n', down: 'alter table scores drop note;\n' },
  '20260101000003_index_scores': { up: '-- evaldesk: no-transaction\ncreate index concurrently scores_value on scores (value);\n', down: 'drop index scores_value;\n' },
};

/** A table with rows, and two versions that come after it. */
async function prepared(migrating, name, pending = PENDING, looks = {}) {
  const connection = await migrating.connect(name, { files: { '20260101000001_scores': SCORES }, ...looks });
  await migrating.apply(connection);
  await migrating.sql(name, 'insert into scores select n, n from generate_series(1, 5000) n; analyze scores');
  migrating.write(name, pending);
  return connection;
}

const dialog = (page) => page.getByRole('dialog');
const report = (page) => page.getByRole('region', { name: /^Rehearse: / });
const statement = (page, text) => report(page).getByRole('listitem').filter({ hasText: text });

/** Opens the question, chooses a place, and begins. */
async function rehearse(page, place) {
  await page.getByRole('button', { name: 'Rehearse…' }).first().click();
  await dialog(page).getByRole('radio', { name: place }).check();
}

const left = (migrating) => migrating.sql('postgres', "select count(*) from pg_database where datname like 'evaldesk\\_%' or datname like '%scratch%'");
const pristine = (migrating, name) => migrating.sql(name, "select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = 'scores'::regclass and attnum > 0");

journey('here its locks are really taken and measured, what cannot run in a transaction is left out, and nothing stays', async ({ page, bridge, migrating }) => {
  const connection = await prepared(migrating, 'rehearse_here');
  await page.goto(bridge.at(`#/c/${connection}/migrations/20260101000002`));
  await page.getByRole('gridcell', { name: /alter table scores add note/ }).waitFor();
  await rehearse(page, /^Here, in a transaction/);
  await dialog(page).getByText('These locks are really taken.').waitFor();
  await dialog(page).getByText('1 statement cannot run in a transaction and is left out').waitFor();
  await dialog(page).getByRole('button', { name: 'Rehearse here' }).click();
  await statement(page, 'add note').getByText('ACCESS EXCLUSIVE on scores').waitFor();
  await statement(page, 'alter value type').getByText(/ACCESS EXCLUSIVE on scores, held already · wrote scores anew/).waitFor();
  await statement(page, 'concurrently').getByText('left out').first().waitFor();
  await statement(page, 'concurrently').getByText(/cannot run in a transaction/).waitFor();
  await statement(page, 'add note').getByText(/^Schema: .*note/).waitFor();
  await report(page).getByText(/locks were held for/).first().waitFor();
  assert.equal(await pristine(migrating, 'rehearse_here'), 'id integer, value integer');
  await page.reload();
  await page.getByRole('tab', { name: /Rehearsals 1/ }).click();
  const kept = page.getByRole('region', { name: /^Rehearsal of / });
  await kept.getByText(/2 of 3 ran/).waitFor();
  await kept.getByRole('button', { name: 'Show the statements' }).click();
  await kept.getByText(/wrote scores anew/).waitFor();
});

journey('on an empty copy every statement runs, and the copy is gone after', async ({ page, bridge, migrating }) => {
  const connection = await prepared(migrating, 'rehearse_schema');
  await page.goto(bridge.at(`#/c/${connection}/migrations/20260101000003`));
  await rehearse(page, /^On an empty copy/);
  await dialog(page).getByRole('button', { name: 'Rehearse on an empty copy' }).click();
  await statement(page, 'concurrently').getByText('SHARE UPDATE EXCLUSIVE on scores').waitFor();
  await report(page).getByText(/Without rows it says nothing about how long/).waitFor();
  assert.equal(await left(migrating), '0');
  assert.equal(await pristine(migrating, 'rehearse_schema'), 'id integer, value integer');
});

journey('on a clone every statement runs on the rows that are there', async ({ page, bridge, migrating }) => {
  const connection = await prepared(migrating, 'rehearse_clone');
  await page.goto(bridge.at(`#/c/${connection}/migrations/20260101000003`));
  await rehearse(page, /^On a clone/);
  await dialog(page).getByRole('button', { name: 'Rehearse on a clone' }).click();
  await statement(page, 'alter value type').getByText(/wrote scores anew/).waitFor();
  await statement(page, 'concurrently').getByText('ran').waitFor();
  assert.equal(await left(migrating), '0');
  assert.equal(await pristine(migrating, 'rehearse_clone'), 'id integer, value integer');
});

journey('a rehearsal that is cancelled ends on the server too, and takes its locks with it', async ({ page, bridge, migrating }) => {
  const connection = await prepared(migrating, 'rehearse_cancel', { '20260101000002_slow': { up: 'alter table scores add note text;\nselect pg_sleep(60);\n' } });
  await page.goto(bridge.at(`#/c/${connection}/migrations`));
  await rehearse(page, /^Here, in a transaction/);
  await dialog(page).getByRole('button', { name: 'Rehearse here' }).click();
  await page.getByText(/statement 2 of 2/).first().waitFor();
  await page.getByText(/What it did is rolled back/).waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await report(page).getByText('cancelled', { exact: true }).waitFor();
  assert.equal(await migrating.sql('rehearse_cancel', "select count(*) from pg_locks where relation = 'scores'::regclass and pid <> pg_backend_pid()"), '0');
  assert.equal(await pristine(migrating, 'rehearse_cancel'), 'id integer, value integer');
  assert.equal(await page.getByRole('button', { name: /^Apply to / }).getAttribute('aria-disabled'), null);
});

journey('who is in the way of a rehearsal is named, and it gives up before others pile up behind it', async ({ page, bridge, migrating }) => {
  const connection = await prepared(migrating, 'rehearse_blocked');
  const holder = migrating.sql('rehearse_blocked', "set application_name = 'nightly_loader'; begin; lock table scores in share mode; select pg_sleep(8); commit");
  await page.goto(bridge.at(`#/c/${connection}/migrations`));
  await rehearse(page, /^Here, in a transaction/);
  await dialog(page).getByRole('button', { name: 'Rehearse here' }).click();
  await page.getByText(/nightly_loader/).first().waitFor();
  await statement(page, 'add note').getByText('failed').first().waitFor();
  await statement(page, 'add note').getByText(/nightly_loader/).first().waitFor();
  await statement(page, 'alter value type').getByText('not reached').waitFor();
  await holder;
});

journey('a role that may make no database is told so, and rehearses here', async ({ page, bridge, migrating }) => {
  const name = 'rehearse_small';
  const connection = await prepared(migrating, name);
  await migrating.sql(name, `create role small_role login password 'small'; grant all on schema public to small_role; alter table scores owner to small_role; grant all on all tables in schema public to small_role`);
  await migrating.sql(name, `do $$ begin if to_regnamespace('evaldesk') is not null then grant all on schema evaldesk to small_role; grant all on all tables in schema evaldesk to small_role; grant all on all sequences in schema evaldesk to small_role; end if; end $$`);
  await migrating.save(name, { id: connection, folder: name, user: 'small_role', password: 'small' });
  await page.goto(bridge.at(`#/c/${connection}/migrations`));
  await page.getByRole('button', { name: 'Rehearse…' }).first().click();
  await dialog(page).getByText('small_role may not create a database. An administrator may allow it: alter role "small_role" createdb.').first().waitFor();
  assert.equal(await dialog(page).getByRole('radio', { name: /^On an empty copy/ }).isDisabled(), true);
  assert.equal(await dialog(page).getByRole('radio', { name: /^Here, in a transaction/ }).isChecked(), true);
  await dialog(page).getByRole('button', { name: 'Rehearse here' }).click();
  await statement(page, 'add note').getByText('ACCESS EXCLUSIVE on scores').waitFor();
});
