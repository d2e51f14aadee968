/** Migrations in every state, for the pictures: a folder that has seen a lot, five hundred files, none, and none at all. */
import { rmSync, unlinkSync } from 'node:fs';
import path from 'node:path';
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
const LONG = `a_migration_with_a_very_long_name_${'that_goes_on_and_on_'.repeat(6)}to_the_end`;

/** Every picture, with the databases that it needs. `wanted` says whether a screen is. */
export async function migrationPictures(stage, wanted) {
  const names = ['migrations', 'migration', 'migration-log', 'environments', 'drift'];
  if (!names.some(wanted)) return [];
  const migrating = await Migrating.start(stage);
  const lived = await makeLived(migrating);
  const production = await migrating.save('lived', { title: 'Production', environment: 'production', folder: 'lived', migrations: { after: lived } });
  const behind = await migrating.connect('behind', { title: 'Test', folder: 'lived', environment: 'test' });
  const many = await makeMany(migrating);
  const none = await migrating.connect('no_files', { title: 'No files' });
  const lost = await migrating.save('behind', { title: 'Lost folder', folder: 'lost' });
  rmSync(migrating.folder('lost'), { recursive: true });
  for (const connection of [lived, production, behind]) await stage.bridge.call('connection_open', { connection });
  const shots = [
    ...['20261118093000', '20261029110000', '20261112160000', '20261010083000', '20260911073000', '20260802100000'].map((version) => ({ screen: 'migrations', state: `few-${version}`, hash: `#/c/${lived}/migrations/${version}` })),
    { screen: 'migrations', state: 'few-sql', hash: `#/c/${lived}/migrations/20261118093000?tab=up` },
    { screen: 'migrations', state: 'few-lint', hash: `#/c/${lived}/migrations/20261118093000?tab=lint` },
    { screen: 'migrations', state: 'few-rehearsals', hash: `#/c/${lived}/migrations/20261118093000?tab=rehearsals` },
    { screen: 'migrations', state: 'few-roll-back', hash: `#/c/${production}/migrations/20261015120000`, then: (page) => page.getByRole('button', { name: /^Roll back/ }).click() },
    { screen: 'migrations', state: 'many', hash: `#/c/${many}/migrations` },
    { screen: 'migrations', state: 'none', hash: `#/c/${none}/migrations` },
    { screen: 'migrations', state: 'no-folder', hash: `#/c/${lost}/migrations` },
    { screen: 'migration', state: 'empty', hash: `#/c/${lived}/migration/new` },
    { screen: 'migration', state: 'few', hash: `#/c/${lived}/migration/20261118093000` },
    { screen: 'migration-log', state: 'few', hash: `#/c/${lived}/migration-log` },
    { screen: 'migration-log', state: 'empty', hash: `#/c/${none}/migration-log` },
    { screen: 'environments', state: 'few', hash: `#/c/${lived}/environments?row=schema&column=${lived}`, then: compared },
    { screen: 'environments', state: 'many', hash: `#/c/${many}/environments` },
    { screen: 'drift', state: 'few', hash: `#/c/${lived}/drift` },
    { screen: 'drift', state: 'verify', hash: `#/c/${lived}/drift?which=verify` },
  ];
  return shots.filter((shot) => wanted(shot.screen));
}

async function compared(page) {
  await page.getByRole('button', { name: 'Compare schemas' }).click();
  await page.getByText('comparing').first().waitFor({ state: 'detached' });
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
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`${20200101000000 + at * 1000}_${at % 50 === 0 ? `${LONG}_${at}` : `step_${at}_of_many`}`, { up: `create table t_${at} ();\n`, down: `drop table t_${at};\n` }]));
  const many = await migrating.connect('many_files', { title: 'Many files', files });
  await migrating.apply(many, { kind: 'upTo', version: String(20200101000000 + 480 * 1000) });
  return many;
}
