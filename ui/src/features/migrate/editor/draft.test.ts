import { expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { finding } from '../sample';
import { toggled, withoutTransaction } from './directives';
import { MigrationDraft, nameProblem } from './draft.svelte';

const EMPTY = { name: '', texts: { up: '', down: '', verify: '' } };

function setUp(transport = new FakeTransport({ migrate_lint: [{ version: null, role: 'up', file: 'draft', findings: [finding()] }] })) {
  return { transport, draft: new MigrationDraft(new Client(transport), 'c1', 'new') };
}

test('what was typed is there again after the window was closed', async () => {
  vi.useFakeTimers();
  const { transport, draft } = setUp();
  await draft.begin(EMPTY);
  draft.name = 'add_scores';
  draft.typed('up', 'create table scores ();');
  draft.close();
  const again = setUp(transport).draft;
  await again.begin(EMPTY);
  expect([again.name, again.texts.up, again.dirty, again.found !== null]).toEqual(['add_scores', 'create table scores ();', true, true]);
  vi.useRealTimers();
});

test('a name that was typed before the rest was read is kept', async () => {
  const { draft } = setUp();
  draft.name = 'add_sc';
  await draft.begin(EMPTY);
  expect([draft.name, draft.dirty]).toEqual(['add_sc', true]);
});

test('what is saved or thrown away is not found again', async () => {
  const { transport, draft } = setUp();
  await draft.begin(EMPTY);
  draft.typed('up', 'select 1;');
  await draft.settle();
  const again = setUp(transport).draft;
  await again.begin(EMPTY);
  expect([again.texts.up, again.dirty, again.found]).toEqual(['', false, null]);
});

test('the lint speaks once typing stops, not at each letter', async () => {
  vi.useFakeTimers();
  const { transport, draft } = setUp();
  await draft.begin(EMPTY);
  await vi.advanceTimersByTimeAsync(10);
  for (const text of ['c', 'cr', 'create index i on t (a);']) {
    draft.typed('up', text);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(transport.argsOf('migrate_lint')).toEqual([]);
  await vi.advanceTimersByTimeAsync(400);
  expect(transport.argsOf('migrate_lint')).toEqual([{ connection: 'c1', version: null, draft: { role: 'up', text: 'create index i on t (a);' } }]);
  expect(draft.lint.up.value).toHaveLength(1);
  vi.useRealTimers();
});

test('a name becomes part of a file name', () => {
  expect([nameProblem('add_scores_2'), nameProblem('  add_scores ')]).toEqual([null, null]);
  for (const bad of ['', 'Add scores', '2_scores', '../up', 'ü', 'a'.repeat(101)]) expect([bad, nameProblem(bad)]).not.toEqual([bad, null]);
});

test('only the head of a file takes it out of its transaction, each tool in its own words', () => {
  expect(withoutTransaction('-- evaldesk: no-transaction\nselect 1;', 'evaldesk')).toBe(true);
  expect(withoutTransaction('-- builds an index\n-- evaldesk: no-transaction\nselect 1;', 'evaldesk')).toBe(true);
  expect(withoutTransaction('select 1;\n-- evaldesk: no-transaction', 'evaldesk')).toBe(false);
  expect(withoutTransaction('-- no-transaction\nselect 1;', 'evaldesk')).toBe(false);
  expect([withoutTransaction('-- no-transaction\nselect 1;', 'sqlx'), withoutTransaction('\n-- no-transaction\nselect 1;', 'sqlx')]).toEqual([true, false]);
  expect(withoutTransaction('-- migrate:up transaction:false\nselect 1;', 'dbmate')).toBe(true);
});

test('taking a file out of its transaction and back leaves it as it was', () => {
  for (const [format, text] of [['evaldesk', '-- builds an index\nselect 1;'], ['sqlx', 'select 1;'], ['dbmate', '-- migrate:up\nselect 1;']] as const) {
    const alone = toggled(text, format);
    expect([format, withoutTransaction(alone, format), toggled(alone, format)]).toEqual([format, true, text]);
  }
});

test('a new version is made once: when a text is refused, the next try goes on with its files', async () => {
  const refused = { at: 1 };
  const transport = new FakeTransport({
    migrate_lint: [], migrate_new: { version: '7', name: 'add', format: 'evaldesk', files: [] },
    migrate_source: { version: '7', name: 'add', format: 'evaldesk', up: '', down: null, verify: null, upSha384: 'u', downSha384: null, verifySha384: null },
    migrate_write: () => (refused.at-- > 0 ? Promise.reject({ code: 'invalid_arguments', message: 'a quote is not closed' }) : null),
  });
  const { draft } = setUp(transport);
  await draft.begin({ name: 'add', texts: { up: "select 'x", down: '', verify: '' } });
  await expect(draft.save()).rejects.toThrow('a quote is not closed');
  draft.typed('up', "select 'x'");
  expect(await draft.save()).toBe('7');
  expect(transport.argsOf('migrate_new')).toHaveLength(1);
  expect(transport.argsOf('migrate_write').at(-1)).toEqual({ connection: 'c1', version: '7', role: 'up', text: "select 'x'\n", read: 'u' });
});
