/** What travels between the workbench and the backend. Offsets into SQL are UTF-16 code units from 0, as JavaScript counts. */
import type { Cell, ErrorReport, TableName } from '$lib/ipc';

export type QueryRange = { kind: 'all' } | { kind: 'at'; offset: number } | { kind: 'selection'; from: number; to: number };
export interface QueryParameter {
  name: string;
  value: string | null;
}
export interface QueryConsent {
  hash: string;
  name: string | null;
}
export interface QuerySort {
  column: number;
  descending: boolean;
}
export interface QueryFilter {
  column: number;
  op: 'contains' | 'equals' | 'notEquals' | 'isNull' | 'isNotNull' | 'greater' | 'less';
  value: string;
}
export interface QueryRunArguments {
  tab: string;
  connection: string;
  text: string;
  range: QueryRange;
  parameters: QueryParameter[];
  consent: QueryConsent | null;
}
export interface QueryGuardStatement {
  index: number;
  sql: string;
  verb: string;
  target: string | null;
  rows: number | null;
  bytes: number | null;
  estimated: boolean;
  why: string;
}
export interface QueryGuardPlan {
  statements: QueryGuardStatement[];
  name: string | null;
  hash: string;
}
export type QueryRunReply = { kind: 'started'; run: number } | { kind: 'asks'; plan: QueryGuardPlan } | { kind: 'parameters'; names: string[] };
export type QueryPhase = 'idle' | 'connecting' | 'running' | 'cancelling' | 'stillRunning' | 'lost';
export interface QueryStatement {
  index: number;
  sql: string;
  line: number;
  from: number;
  to: number;
  outcome: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'skipped';
  tag: string | null;
  rows: number | null;
  durationMs: number | null;
  firstRowMs: number | null;
  result: string | null;
  error: ErrorReport | null;
}
export type QueryEditable = { kind: 'editable'; table: TableName; key: string[] } | { kind: 'not'; why: string };
export interface QueryColumn {
  name: string;
  typeName: string;
  kind: 'number' | 'text' | 'boolean' | 'json' | 'timestamp' | 'timestamptz' | 'binary' | 'other';
  table: TableName | null;
  column: string | null;
}
export interface QueryResult {
  id: string;
  statement: number;
  columns: QueryColumn[];
  rows: number;
  complete: boolean;
  stopped: string | null;
  bytes: number;
  estimate: number | null;
  edit: QueryEditable;
}
export interface QueryNotice {
  level: string;
  message: string;
  statement: number;
}
export interface QueryState {
  tab: string;
  connection: string;
  run: number;
  phase: QueryPhase;
  elapsedMs: number;
  pid: number | null;
  transaction: 'none' | 'open' | 'failed';
  transactionMs: number | null;
  rollbackInMs: number | null;
  statements: QueryStatement[];
  results: QueryResult[];
  notices: QueryNotice[];
  noticesDropped: number;
  error: ErrorReport | null;
  storedBytes: number;
  spilledBytes: number;
}
export type QueryCell = Cell;
export interface QueryRows {
  first: number;
  total: number;
  complete: boolean;
  rows: (QueryCell | null)[][];
}
export interface QueryCellPart {
  text: string;
  bytes: number;
  next: number | null;
}
export interface QueryPlace {
  row: number;
  column: number;
}
export type QueryCopyFormat = 'tsv' | 'csv' | 'json' | 'markdown' | 'insert';
export interface QueryView {
  id: string;
  rows: number;
}
export interface QueryPiece {
  from: number;
  to: number;
  line: number;
}
export interface QueryCandidate {
  label: string;
  kind: string;
  detail: string | null;
  insert: string;
}
export interface QueryCompletion {
  from: number;
  to: number;
  candidates: QueryCandidate[];
}
export interface QueryDraft {
  tab: string;
  connection: string;
  title: string;
  text: string;
  cursor: number;
  file: string | null;
  revision: number;
}
export interface QueryFile {
  path: string;
  title: string;
  starter: boolean;
}
export interface QueryHistoryEntry {
  id: string;
  connection: string;
  text: string;
  at: string;
  outcome: string;
  rows: number | null;
  durationMs: number | null;
}
export type QueryEdit =
  | { kind: 'update'; row: number; column: number; value: string | null }
  | { kind: 'insert'; values: { column: number; value: string | null }[] }
  | { kind: 'delete'; row: number };
export interface QueryEditPlan {
  statements: string[];
  hash: string;
  name: string | null;
}
export type QueryExportFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'insert';
export interface QueryExport {
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
  manifest: string;
}

interface Of<Args, Reply> {
  args: Args;
  reply: Reply;
}
interface OfTab {
  tab: string;
}
export interface QueryCommands {
  query_run: Of<QueryRunArguments, QueryRunReply>;
  query_state: Of<OfTab, QueryState>;
  query_cancel: Of<OfTab, unknown>;
  query_terminate: Of<OfTab, unknown>;
  query_close: Of<OfTab, unknown>;
  query_transaction: Of<OfTab & { action: 'commit' | 'rollback' }, QueryState>;
  query_rows: Of<{ result: string; view: string | null; first: number; count: number }, QueryRows>;
  query_cell: Of<{ result: string; view: string | null; row: number; column: number; offset: number; limit: number }, QueryCellPart>;
  query_find: Of<{ result: string; view: string | null; text: string; from: QueryPlace; backwards: boolean }, QueryPlace | null>;
  query_view: Of<{ result: string; sort: QuerySort[]; filters: QueryFilter[] }, QueryView>;
  query_copy: Of<{ result: string; view: string | null; first: number; count: number; columns: number[]; format: QueryCopyFormat }, { text: string }>;
  query_split: Of<{ text: string }, QueryPiece[]>;
  query_complete: Of<{ connection: string; text: string; offset: number }, QueryCompletion>;
  query_format: Of<{ text: string }, { text: string }>;
  query_history_list: Of<{ connection: string | null; search: string | null; before: string | null; count: number }, QueryHistoryEntry[]>;
  query_draft_save: Of<{ draft: QueryDraft }, unknown>;
  query_draft_list: Of<Record<string, never>, QueryDraft[]>;
  query_draft_remove: Of<OfTab, unknown>;
  query_file_list: Of<Record<string, never>, QueryFile[]>;
  query_file_read: Of<{ path: string }, { text: string }>;
  query_file_save: Of<{ path: string; text: string }, unknown>;
  query_edit_plan: Of<{ tab: string; result: string; edits: QueryEdit[] }, QueryEditPlan>;
  query_edit_apply: Of<{ tab: string; result: string; edits: QueryEdit[]; consent: QueryConsent }, unknown>;
  query_export: Of<
    {
      connection: string;
      tab: string | null;
      result: string | null;
      view: string | null;
      text: string | null;
      parameters: QueryParameter[];
      format: QueryExportFormat;
      path: string;
      table: string | null;
    },
    { job: string }
  >;
}
