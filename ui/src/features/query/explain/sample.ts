/** A report as the backend sends it, for tests and for the parts page. */
import type { ExplainNode, ExplainPlan, ExplainReport } from '$lib/ipc';

const BARE: ExplainNode = {
  id: 0,
  parent: null,
  level: 1,
  name: '',
  kind: '',
  relationship: null,
  subplan: null,
  schema: null,
  relation: null,
  alias: null,
  index: null,
  source: null,
  detail: '',
  startupCost: 0,
  cost: 0,
  ownCost: 0,
  costShare: 0,
  width: 8,
  guessPerLoop: 0,
  guess: 0,
  measured: null,
  buffers: null,
  conditions: [],
  workersPlanned: null,
  workersLaunched: null,
  sort: null,
  hash: null,
  memoize: null,
  heap: null,
  facts: [],
  heat: 'cool',
};

type Few = Partial<ExplainNode> & { name: string; own: number; rows: number; from?: number };

/** A node with its figures; `own` in ms of 4,310, `from` in MB. */
function node(id: number, parent: number | null, level: number, { own, rows, from, ...rest }: Few): ExplainNode {
  const guess = rest.guess ?? rows;
  const measured = { loops: 1, rowsPerLoop: rows, rows, processes: 1, totalMs: own, ownMs: own, share: own / 4310, removed: null, offBy: rows / guess };
  const buffers = from === undefined ? null : { hit: 0, read: from * 1_048_576, dirtied: 0, written: 0, tempRead: 0, tempWritten: 0 };
  const heat = own / 4310 > 0.5 ? 'hot' : own / 4310 > 0.1 ? 'warm' : 'cool';
  return { ...BARE, id, parent, level, kind: rest.name, guess, guessPerLoop: guess, cost: 21_840, ownCost: 21_840, measured, buffers, heat, ...rest };
}

const OFF = { guess: 6_422, rows: 84_912 };

/** The plan of the rewritten statement. */
const REWRITTEN: ExplainPlan = {
  nodes: [node(0, null, 1, { name: 'Bitmap Heap Scan', relation: 'evaluation_results', alias: 'r', detail: 'evaluation_results r', own: 384, rows: 84_912, from: 412 })],
  cost: 6_112,
  planningMs: 0.8,
  executionMs: 384,
  rows: 84_912,
  buffers: { hit: 432_013_312, read: 0, dirtied: 0, written: 0, tempRead: 0, tempWritten: 0 },
  triggers: [],
  jit: null,
  settings: [],
  statements: 1,
};

export const REPORT: ExplainReport = {
  sql: "SELECT r.id FROM evaluation_results r WHERE r.baseline_comparison ->> 'regression_detected' = 'true' ORDER BY r.created_at DESC",
  from: 0,
  to: 127,
  line: 1,
  server: '15.18',
  ran: 'read_only',
  limitMs: 30_000,
  stopped: null,
  parameters: 'none',
  notes: [],
  text: 'Gather Merge  (cost=1.00..2.00 rows=6422 width=8)\n  ->  Sort',
  json: '[{"Plan": {"Node Type": "Gather Merge"}}]',
  plan: {
    nodes: [
      node(0, null, 1, { name: 'Gather Merge', detail: '2 workers', own: 220, ...OFF, from: 0.012 }),
      node(1, 0, 2, { name: 'Sort', detail: 'created_at DESC, spilled 42 MB', own: 460, ...OFF, from: 84, sort: { method: 'external merge', bytes: 44_040_192, mostBytes: 15_000_000, onDisk: true } }),
      node(2, 1, 3, { name: 'Nested Loop', own: 110, ...OFF }),
      node(3, 2, 4, { name: 'Parallel Seq Scan', kind: 'Seq Scan', relation: 'evaluation_results', alias: 'r', detail: 'evaluation_results r', own: 2_910, ...OFF, from: 3_174, conditions: [{ label: 'Filter', text: "((r.baseline_comparison ->> 'regression_detected'::text) = 'true'::text)" }] }),
      node(4, 2, 4, { name: 'Memoize', detail: 'evaluation_run_id, 92 % hits', own: 90, rows: 1 }),
      node(5, 4, 5, { name: 'Index Scan', detail: 'evaluation_runs_pkey', own: 210, rows: 1, from: 49 }),
    ],
    cost: 21_840,
    planningMs: 1.2,
    executionMs: 4_310,
    rows: 84_912,
    buffers: { hit: 292_057_776, read: 3_358_664_425, dirtied: 0, written: 0, tempRead: 44_040_192, tempWritten: 44_040_192 },
    triggers: [],
    jit: null,
    settings: [],
    statements: 1,
  },
  warnings: [
    { rule: 'containment', level: 'failed', node: 3, title: '->> reads the whole table.', text: 'The GIN index index_results_on_comparison on baseline_comparison answers @> only.', sql: null, weight: 0.68 },
    { rule: 'misestimate', level: 'attention', node: 3, title: '13 times more rows than guessed.', text: 'For an expression the planner has no statistics and takes a fixed share of the table.', sql: null, weight: 0.68 },
    { rule: 'spilled_sort', level: 'attention', node: 1, title: 'The sort spilled 42 MB to disk.', text: 'work_mem is 4 MB; this sort alone would need about 64 MB.', sql: "set work_mem = '64MB';", weight: 0.11 },
  ],
  withoutSeqScan: { words: 'Without sequential scans nothing changes for the better: no index serves this statement.', costNow: 21_840, cost: 21_840, msNow: null, ms: null, indexes: [], stillScans: true, shown: null },
  rewrite: {
    node: 3,
    index: 'The GIN index index_results_on_comparison on baseline_comparison',
    before: "r.baseline_comparison ->> 'regression_detected' = 'true'",
    after: 'r.baseline_comparison @> \'{"regression_detected": true}\'',
    from: 41,
    to: 97,
    sql: 'SELECT r.id FROM evaluation_results r WHERE r.baseline_comparison @> \'{"regression_detected": true}\' ORDER BY r.created_at DESC',
    note: null,
    check: { kind: 'same', rows: 84_912 },
    gain: {
      verdict: 'better',
      words: '',
      costBefore: 21_840,
      cost: 6_112,
      measured: { msBefore: 4_310, beforeStopped: false, ms: 384, touchedBefore: 3_650_722_201, touched: 432_013_312 },
      shown: { plan: REWRITTEN, text: 'Bitmap Heap Scan on public.evaluation_results r', json: '[{"Plan": {"Node Type": "Bitmap Heap Scan"}}]' },
    },
  },
  indexes: [
    { node: 3, purpose: 'order', rewritten: true, why: 'For the order: what the filter leaves comes sorted', sql: 'create index concurrently on "public"."evaluation_results" using btree ("created_at") where "baseline_comparison" @> \'{"regression_detected": true}\'::jsonb;', bytes: 3_145_728, check: { kind: 'taken', costBefore: 21_840, cost: 6_112 } },
  ],
};

/** The same, planned alone. */
export const PLANNED: ExplainReport = {
  ...REPORT,
  ran: 'planned',
  limitMs: null,
  warnings: [],
  rewrite: null,
  plan: { ...REPORT.plan, executionMs: null, rows: null, buffers: null, nodes: REPORT.plan.nodes.map((one) => ({ ...one, measured: null, costShare: one.id === 3 ? 0.9 : 0.02 })) },
};
