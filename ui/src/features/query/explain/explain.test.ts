import { expect, test } from 'vitest';
import { REPORT } from './sample';
import { costliest, planRows } from './tree';
import { details, offBy, ran, read, summary } from './words';

const scan = REPORT.plan.nodes[3]!;

test('a plan is rows in its own order, with places among siblings', () => {
  const rows = planRows(REPORT.plan.nodes, new Set());
  expect(rows.map((row) => [row.plan.name, row.level, row.position, row.setSize])).toEqual([
    ['Gather Merge', 1, 1, 1],
    ['Sort', 2, 1, 1],
    ['Nested Loop', 3, 1, 1],
    ['Parallel Seq Scan', 4, 1, 2],
    ['Memoize', 4, 2, 2],
    ['Index Scan', 5, 1, 1],
  ]);
  expect(rows.map((row) => row.parent)).toEqual([-1, 0, 1, 2, 2, 4]);
});

test('what is below a closed node is not shown, however deep', () => {
  expect(planRows(REPORT.plan.nodes, new Set([1])).map((row) => row.plan.id)).toEqual([0, 1]);
  expect(planRows(REPORT.plan.nodes, new Set([4])).map((row) => row.plan.id)).toEqual([0, 1, 2, 3, 4]);
});

test('two thousand levels are rows like any', () => {
  const nodes = Array.from({ length: 2000 }, (_, at) => ({ ...scan, id: at, parent: at === 0 ? null : at - 1, level: at + 1 }));
  expect(planRows(nodes, new Set()).at(-1)?.level).toBe(2000);
});

test('the costliest node is looked at first', () => expect(costliest(REPORT.plan.nodes)).toBe(3));

test('a guess is off from ten times on', () => {
  const at = (factor: number | null) => offBy({ ...scan, measured: { ...scan.measured!, offBy: factor } });
  expect(at(13.2)).toEqual({ text: '13 × more', off: true });
  expect(at(0.05)).toEqual({ text: '20 × fewer', off: true });
  expect(at(9)).toEqual({ text: 'as guessed', off: false });
  expect(at(null).text).toBe('–');
});

test('the whole is said in one line', () => {
  expect(summary(REPORT.plan).join(' · ')).toBe('4.31 s · 84,912 rows · 3.4 GB touched, 92 % from disk');
  expect(ran(REPORT)).toBe('ran read-only, limit 30 s');
  expect(read({ hit: 8192, read: 0, dirtied: 0, written: 0, tempRead: 0, tempWritten: 0 })).toBe('8 KB touched, all from cache');
});

test('a node says its conditions in the server’s words', () => {
  expect(details(scan, true)[0]).toEqual({ label: 'Filter', value: scan.conditions[0]!.text, mono: true });
});
