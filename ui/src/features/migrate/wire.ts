/** Shapes of commands that are on their way; what generated.ts has already is taken from there. */
import type { LedgerKind, MigrationDirection, MigrationPlan, MigrationRequest as OldRequest, LockMode } from '$lib/ipc';

export type Version = string;
export type MigrationRequest =
  | OldRequest
  | { kind: 'to'; version: Version }
  | { kind: 'redo'; step: number }
  | { kind: 'redoVersion'; version: Version }
  | { kind: 'resume'; version: Version }
  | { kind: 'undo'; version: Version };

export type StateName = 'up' | 'down' | 'opt_in' | 'no_file' | 'conflict' | 'changed' | 'out_of_order' | 'partial' | 'irreversible' | 'baselined';

export type RepairVerb = 'resume' | 'undo' | 'accept-change' | 'accept-order' | 'forget' | 'restore-file' | 'strike' | 'release' | 'record';

export interface StatusRow {
  version: Version;
  name: string | null;
  state: StateName;
  /** Of one that broke off. */
  partial: { direction: MigrationDirection; done: number; total: number; open: number | null; entry: string } | null;
  /** It is being applied or taken back right now. */
  running: boolean;
  ledger: string | null;
  transactional: boolean;
  statementCount: number;
  hasDown: boolean;
  hasVerify: boolean;
  path: string | null;
  sha384: string | null;
  appliedSha384: string | null;
  appliedAt: string | null;
  elapsedMs: number | null;
  appliedBy: string | null;
  /** The entry of the log that tells of it. */
  entry: string | null;
  notes: string[];
  repairs: RepairVerb[];
}

export interface Status {
  origin: string;
  migrations: StatusRow[];
  ledger: LedgerKind;
  ledgerPlace: string;
  logPlace: string;
  environment: string | null;
  pending: number;
}

export type { AppliedMigration as Applied, Difference, Doomed, DriftReport as Drift, LockMode, LogEntry, MatrixCell, MatrixColumn, MatrixRow, MigrationDiff, MigrationMatrix as Matrix, MigrationLogReply as LogReply, MigrationSource as Source, NewMigration, VerifyReport, PlanBlocker, PlannedLock, PlannedMigration, PlannedStatement } from '$lib/ipc';

export type Plan = Omit<MigrationPlan, 'request'> & { request: MigrationRequest };

/** What was found in one script; a draft has no version. */
export interface LintedScript { version: Version | null; role: 'up' | 'down' | 'verify'; file: string; findings: Finding[] }

/** One thing that the lint says about a file. */
export interface Finding {
  rule: string;
  level: 'advice' | 'warning' | 'error';
  source: 'squawk' | 'evaldesk';
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  what: string;
  why: string;
  rewrite: string | null;
  /** What the rewrite takes the place of: the whole statement. */
  replaces: { line: number; column: number; endLine: number; endColumn: number } | null;
  accepted: string | null;
}

export interface RepairPlan {
  hash: string;
  version: Version;
  name: string | null;
  verb: RepairVerb;
  database: string;
  /** What it comes to, in one sentence. */
  outcome: string;
  /** Of a half that is resumed or undone: that is planned and applied as a migration. */
  request: MigrationRequest | null;
  prepare: string[];
  statements: string[];
  files: { path: string; text: string }[];
  logPlace: string;
  notices: string[];
}

export type RehearsalPlace = 'here' | 'schema' | 'clone';

export interface RehearsedStatement {
  version: Version;
  statement: number;
  sql: string;
  line: number;
  outcome: 'ran' | 'skipped' | 'depends' | 'failed' | 'not_reached';
  note: string | null;
  locks: { relation: string; mode: LockMode; heldBefore: boolean }[];
  rewrites: string[];
  scans: string[] | null;
  elapsedMs: number;
  plannedMs: number | null;
  changes: string[];
  agreement: 'agreed' | 'milder' | 'differs' | 'unplanned' | 'not_measured';
  differences: string[];
}

export interface RehearsalSummary {
  planHash: string;
  database: string;
  place: RehearsalPlace;
  at: string;
  versions: Version[];
  total: number;
  ran: number;
  skipped: number;
  passed: boolean;
  differing: number;
  elapsedMs: number;
  locksHeldMs: number;
  longest: { version: Version; statement: number; elapsedMs: number } | null;
  words: string;
}

export interface Rehearsal { summary: RehearsalSummary; statements: RehearsedStatement[]; problems: string[]; notes: string[] }


export type AdoptVerdict =
  | { kind: 'recorded' }
  | { kind: 'binds'; by: 'verify' | 'fingerprint' | 'checksum' }
  | { kind: 'differs'; why: string }
  | { kind: 'not_there'; why: string }
  | { kind: 'unknown'; why: string };

export interface FoundTool { tool: string; table: { schema: string; name: string }; applied: number; failed: number; newest: string | null; evidence: string; problem: string | null }

export interface AdoptVersion { version: Version; name: string; verdict: AdoptVerdict; place: string | null; recordedBy: string[]; notes: string[] }

/** How a database that another tool has migrated would be taken over. */
export interface AdoptPlan {
  hash: string;
  database: string;
  origin: string;
  tools: FoundTool[];
  versions: AdoptVersion[];
  ledger: LedgerKind;
  ledgerPlace: string;
  makesLedger: string[];
  records: string[];
  blocked: string | null;
  notices: string[];
}
