/** Rows and plans for tests, as the backend would send them. */
import type { Finding, Plan, PlannedStatement, StatusRow } from './wire';

export const row = (state: StatusRow['state'], more: Partial<StatusRow> = {}): StatusRow => ({
  version: '20261118093000', name: 'add_scores', state, transactional: true, statementCount: 1, hasDown: true, hasVerify: true,
  path: '20261118093000_add_scores.up.sql', sha384: 'x', partial: null, running: false, ledger: null, appliedSha384: null, appliedAt: null, elapsedMs: null, appliedBy: null, entry: null, notes: [], repairs: [], ...more,
});

export const statement = (more: Partial<PlannedStatement> = {}): PlannedStatement => ({
  sql: 'create index i on t (a)', index: 0, line: 3, purpose: 'migration', lock: 'SHARE', relations: ['t'], blocks: 'writes', consequence: 'every write waits; reads go on',
  locks: [{ relation: 't', mode: 'share', blocks: 'writes', words: 'every write waits', below: 0 }], rewrites: [], scans: ['t'], rows: 10, bytes: 8192, readsBytes: 8192,
  estimateMs: 20, estimateBasis: '', diskBytes: 0, rehearsable: 'in_transaction', waitsForSnapshots: false, ...more,
});

export const plan = (direction: 'up' | 'down', more: Partial<Plan> = {}, ...statements: PlannedStatement[]): Plan => ({
  hash: 'h', request: { kind: 'up' }, origin: 'migrations', database: 'raaf', ledger: 'rails', environment: null, createLedger: null, notices: [], doomed: [],
  blockers: [], disk: { neededBytes: 0, unknown: 0, freeBytes: null, freeUnknown: null }, estimateMs: 0, withoutEstimate: 0,
  steps: [{ version: '20261118093000', name: 'add_scores', direction, transactional: true, path: 'p', sha384: 'x', statements: statements.length > 0 ? statements : [statement()] }], ...more,
}) as Plan;

export const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: 'require-concurrent-index-creation', level: 'error', source: 'squawk', line: 1, column: 1, endLine: 1, endColumn: 24,
  what: 'Every write to t waits.', why: '', rewrite: 'create index concurrently i on t (a);', replaces: null, accepted: null, ...more,
});
