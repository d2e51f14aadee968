/** Migrations in every state, for the pictures: a folder that has seen a lot, five hundred files, none, and none at all. */
import { rmSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { Migrating } from './migrating.mjs';

const RUNS = 'create table runs (id bigint primary key, name text, created_at timestamp);\ninsert into runs select n, \'run \' || n, now() from generate_series(1, 20000) n;\n';
const FILES = {
  '20251106000001_create_runs': { up: RUNS, down: 'drop table runs;\n', verify: "select 'runs is missing' where to_regclass('runs') is null;\n" },
  '20260802100000_merge_duplicate_results': { up: 'create table merged (id bigint);\n' },
  '20260911073000_drop_legacy_scores': { up: 'create table legacy ();\n', down: 'drop table legacy;\n' },
  '20261015120000_rename_changes_column': { up: 'alter table runs rename created_at to made_at;\n', down: 'alter table runs rename made_at to created_at;\n' },
  '20261029110000_index_runs_on_made_at': { up: '-- evaldesk: no-transaction\ncreate index concurrently runs_made_at on runs (made_at);\n', down: 'drop index runs_made_at;\n' },
};
const LATER = {
  '20261010083000_tag_index_on_runs': { up: 'create index runs_name on runs (name);\n', down: 'drop index runs_name;\n' },
};
const PARTIAL = {
  '20261112160000_split_metrics_views': { up: `-- evaldesk: no-transaction\n${['one', 'two', 'three', 'four', 'five'].map((name) => `create table split_${name} ();`).join('\n')}\n`, down: 'drop table if exists split_one, split_two, split_three, split_four, split_five;\n' },
};
const PENDING = {
  '20261118093000_add_fk_and_score_indexes': {
    up: '-- evaldesk: no-transaction\ncreate table scores (run_id bigint, value int);\nalter table scores add constraint scores_run_fk foreign key (run_id) references runs not valid;\ncreate index concurrently scores_run on scores (run_id);\ncreate index runs_name_made on runs (name, made_at);\nalter table runs alter column name set not null;\nanalyze runs;\n',
    down: 'drop index runs_name_made;\ndrop table scores;\n', verify: "select 'scores is missing' where to_regclass('scores') is null;\n",
  },
  '20261119141500_validate_scores_run_fk': { up: 'alter table scores validate constraint scores_run_fk;\n', down: 'select 1;\n' },
};
const SLOW = '20260601000000';
const LONG = `a_migration_with_a_very_long_name_${'that_goes_on_and_on_'.repeat(6)}to_the_end`;

/** Every picture, with the databases that it needs. `wanted` says whether a screen is. */
export async function migrationPictures(stage, wanted) {
  const names = ['migrations', 'rehearsal', 'migration-confirm', 'migration-job', 'adopt', 'migration', 'migration-log', 'environments', 'drift'];
  if (!names.some(wanted)) return [];
  const migrating = await Migrating.start(stage);
  const lived = await makeLived(migrating);
  const ready = await makeReady(migrating);
  const production = await migrating.save('ready', { title: 'Production', environment: 'production', folder: 'ready' });
  const guarded = await migrating.save('lived', { title: 'Live', environment: 'production', folder: 'lived', migrations: { after: lived } });
  const behind = await migrating.connect('behind', { title: 'Test', folder: 'lived', environment: 'test' });
  const many = await makeMany(migrating);
  const long = await makeLong(migrating);
  const none = await migrating.connect('no_files', { title: 'No files' });
  const lost = await migrating.save('behind', { title: 'Lost folder', folder: 'lost' });
  const small = await makeSmall(migrating);
  const adopting = await makeAdopting(migrating);
  const slow = await migrating.connect('slow', { title: 'Slow', environment: 'test', files: { [`${SLOW}_slow`]: { up: '-- evaldesk: no-transaction\ncreate table slow_one ();\nselect pg_sleep(600);\ncreate table slow_two ();\n', down: 'drop table slow_one;\n' } } });
  rmSync(migrating.folder('lost'), { recursive: true });
  for (const connection of [lived, ready, guarded, behind]) await stage.bridge.call('connection_open', { connection });
  const at = (connection, rest = '') => `#/c/${connection}/migrations${rest}`;
  const shots = [
    { screen: 'migrations', state: 'ready', hash: at(ready, '/20261118093000') },
    { screen: 'migrations', state: 'ready-statement', hash: at(ready, '/20261118093000'), then: (page) => page.getByRole('gridcell', { name: /create index runs_name_made/ }).click() },
    ...['20261029110000', '20261112160000', '20261010083000', '20260911073000', '20260802100000'].map((version) => ({ screen: 'migrations', state: `few-${version}`, hash: at(lived, `/${version}`) })),
    { screen: 'migrations', state: 'few-stuck', hash: at(lived, '/20261118093000') },
    { screen: 'migrations', state: 'few-sql', hash: at(ready, '/20261118093000?tab=up') },
    { screen: 'migrations', state: 'few-lint', hash: at(ready, '/20261118093000?tab=lint') },
    { screen: 'migrations', state: 'few-decide', hash: at(lived, '/20261112160000?which=decide') },
    { screen: 'migrations', state: 'lock-held', hash: at(ready), ...holding(migrating, 'ready') },
    { screen: 'migrations', state: 'many', hash: at(many) },
    { screen: 'migrations', state: 'long', hash: at(long) },
    { screen: 'migrations', state: 'none', hash: at(none) },
    { screen: 'migrations', state: 'no-folder', hash: at(lost) },
    { screen: 'rehearsal', state: 'none', hash: at(ready, '/20261118093000?tab=rehearsals') },
    { screen: 'rehearsal', state: 'ask', hash: at(ready), then: asks('Rehearse…') },
    { screen: 'rehearsal', state: 'ask-here', hash: at(production), then: async (page) => {
      await asks('Rehearse…')(page);
      await page.getByRole('radio', { name: /^Here, in a transaction/ }).check();
    } },
    { screen: 'rehearsal', state: 'ask-no-copy', hash: at(small), then: asks('Rehearse…') },
    { screen: 'rehearsal', state: 'report', hash: at(ready, '/20261118093000?tab=rehearsals'), before: () => rehearse(stage.bridge, ready, 'here'), then: (page) => page.getByRole('button', { name: 'Show the statements' }).first().click() },
    { screen: 'rehearsal', state: 'report-copy', hash: at(ready, '/20261118093000?tab=rehearsals'), before: () => rehearse(stage.bridge, ready, 'schema'), then: (page) => page.getByRole('button', { name: 'Show the statements' }).first().click() },
    { screen: 'migrations', state: 'rehearsed', hash: at(ready, '/20261119141500') },
    { screen: 'migration-confirm', state: 'apply', hash: at(ready), then: asks(/^Apply all/) },
    { screen: 'migration-confirm', state: 'apply-sql', hash: at(ready), then: async (page) => {
      await asks(/^Apply all/)(page);
      await page.getByRole('button', { name: 'Show the SQL' }).click();
    } },
    { screen: 'migration-confirm', state: 'roll-back', hash: at(guarded, '/20261015120000'), then: asks(/^Roll back/) },
    { screen: 'migration-confirm', state: 'many', hash: at(many), then: goToFirst },
    { screen: 'migration-confirm', state: 'long', hash: at(long), then: asks(/^Apply/) },
    { screen: 'migration-confirm', state: 'repair', hash: at(lived, '/20261010083000'), then: asks('Accept the order…') },
    { screen: 'migration-confirm', state: 'accept', hash: at(ready, '/20261118093000?tab=lint'), then: asks('Accept with reason') },
    ...running(stage.bridge, slow),
    { screen: 'adopt', state: 'few', hash: at(adopting) },
    { screen: 'adopt', state: 'ask', hash: at(adopting), then: async (page) => {
      await asks('Look at the plan…')(page);
      await page.getByRole('alertdialog').waitFor();
    } },
    { screen: 'migration', state: 'empty', hash: `#/c/${lived}/migration/new` },
    { screen: 'migration', state: 'few', hash: `#/c/${lived}/migration/20261118093000` },
    { screen: 'migration-log', state: 'few', hash: `#/c/${lived}/migration-log` },
    { screen: 'migration-log', state: 'many', hash: `#/c/${many}/migration-log` },
    { screen: 'migration-log', state: 'empty', hash: `#/c/${none}/migration-log` },
    { screen: 'environments', state: 'few', hash: `#/c/${lived}/environments?row=schema&column=${lived}`, then: compared },
    { screen: 'environments', state: 'many', hash: `#/c/${many}/environments` },
    { screen: 'drift', state: 'few', hash: `#/c/${lived}/drift` },
    { screen: 'drift', state: 'verify', hash: `#/c/${lived}/drift?which=verify` },
    { screen: 'drift', state: 'same', hash: `#/c/${none}/drift` },
  ];
  return shots.filter((shot) => wanted(shot.screen));
}

const asks = (name) => async (page) => {
  await page.getByRole('button', { name }).first().click();
  await page.locator('[role=alertdialog], [role=dialog]').waitFor();
};

async function goToFirst(page) {
  await page.getByRole('listbox', { name: 'Migrations' }).focus();
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: /^Go to a_migration/ }).click();
  await page.getByRole('alertdialog').waitFor();
}

async function compared(page) {
  await page.getByRole('button', { name: 'Compare schemas' }).click();
  await page.getByText('comparing').first().waitFor({ state: 'detached' });
}

async function rehearse(bridge, connection, place) {
  await bridge.job('migrate_rehearse', { connection, request: { kind: 'up' }, rehearsal: { place, lockTimeoutMs: 2000, statementTimeoutMs: 60_000 }, confirm: null });
}

/** Another session that has the lock, as rake would, while a picture is taken. */
function holding(migrating, name) {
  let held;
  return {
    before: async () => {
      held = migrating.sql(name, `set application_name = 'rake'; select pg_advisory_lock(${2053462845n * BigInt(crc32(name))}); select pg_sleep(600)`).catch(() => undefined);
    },
    after: async () => {
      await migrating.sql(name, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rake'");
      await held;
    },
  };
}

/** A migration on its way, and after it was cancelled. */
function running(bridge, connection) {
  let job;
  const request = { kind: 'up' };
  const start = async () => ({ job } = await bridge.call('migrate_apply', { connection, plan: await bridge.call('migrate_plan', { connection, request }), confirm: null }));
  const stop = async () => {
    await bridge.call('job_cancel', { job });
    while (['running', 'cancelling'].includes((await bridge.call('job_show', { job })).state)) await new Promise((done) => setTimeout(done, 100));
  };
  const hash = `#/c/${connection}/migrations`;
  return [
    { screen: 'migration-job', state: 'running', hash, before: start, after: stop, then: (page) => page.getByRole('progressbar').first().waitFor() },
    { screen: 'migration-job', state: 'stopped', hash },
  ];
}

/** Everything is well, and two are to come: the table is big enough that its locks are worth a word. */
async function makeReady(migrating) {
  const ready = await migrating.connect('ready', { title: 'Acceptance', environment: 'staging', files: FILES });
  await migrating.apply(ready);
  migrating.write('ready', PENDING);
  await migrating.sql('ready', 'insert into runs select n, \'run \' || n, now() from generate_series(20001, 400000) n; analyze runs');
  return ready;
}

/** Names as long as the server takes, in every place that has one. */
async function makeLong(migrating) {
  const object = 'a_table_whose_name_is_exactly_as_long_as_the_server_allows_it_x';
  const long = await migrating.connect('a_database_whose_name_is_exactly_as_long_as_the_server_allows_i', {
    title: 'Überlange Bezeichnung einer Verbindung mit 評価の実行 und 🦀, Zeichen um Zeichen', environment: 'production', folder: 'long',
    files: { [`20260101000001_${LONG}`]: { up: `create table ${object} (id int);\ncreate index ${object.replace('table', 'index')} on ${object} (id, id, id, id, id, id, id);\n`, down: `drop table ${object};\n` } },
  });
  return long;
}

/** A role that owns its table and may make no database. */
async function makeSmall(migrating) {
  const small = await migrating.connect('small', { title: 'Small role', files: { '20260101000001_scores': 'create table scores (id int);\n' } });
  await migrating.sql('small', "create role small_role login password 'small'; grant all on schema public to small_role");
  return migrating.save('small', { id: small, title: 'Small role', folder: 'small', user: 'small_role', password: 'small', migrations: { ownSchema: false } });
}

/** Rails has migrated it, and one version of ours stands there already. */
async function makeAdopting(migrating) {
  const adopting = await migrating.connect('adopting', { title: 'From Rails', files: { ...FILES, ...LATER } });
  await migrating.sql('adopting', `${FILES['20251106000001_create_runs'].up}
    create table schema_migrations (version varchar primary key); create table ar_internal_metadata (key varchar primary key, value varchar, created_at timestamp(6) not null, updated_at timestamp(6) not null);
    insert into ar_internal_metadata values ('environment', 'staging', now(), now()); insert into schema_migrations select 20250101000000 + n * 100 from generate_series(1, 12) n`);
  return adopting;
}

/** Applied, changed, half-way, out of order, without its file, and with an index that nobody wrote down. */
async function makeLived(migrating) {
  const lived = await migrating.connect('lived', { title: 'Staging', environment: 'staging', files: { ...FILES, ...PARTIAL } });
  await migrating.sql('lived', 'create table split_four ()');
  await migrating.apply(lived).catch(() => undefined); // It breaks off at the fourth statement, as it is meant to.
  unlinkSync(path.join(migrating.folder('lived'), '20260911073000_drop_legacy_scores.up.sql'));
  unlinkSync(path.join(migrating.folder('lived'), '20260911073000_drop_legacy_scores.down.sql'));
  migrating.write('lived', { '20261029110000_index_runs_on_made_at': { up: '-- evaldesk: no-transaction\ncreate index concurrently runs_made_at on runs (made_at desc);\n' }, ...LATER, ...PENDING });
  await migrating.sql('lived', 'create index by_hand on runs (name, id); alter table runs add note text; analyze');
  return lived;
}

async function makeMany(migrating) {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${20200101000000 + at * 1000}_${at % 50 === 0 ? `${LONG}_${at}` : `step_${at}_of_many`}`, { up: `create table t_${at} ();\n`, down: `drop table t_${at};\n` }]));
  const many = await migrating.connect('many_files', { title: 'Many files', files });
  await migrating.apply(many, { kind: 'upTo', version: String(20200101000000 + 280 * 1000) });
  return many;
}
