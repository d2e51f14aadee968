/** What travels between the workbench and the backend. Offsets into SQL are UTF-16 code units from 0, as JavaScript counts. */
import type { Cell, ErrorReport, QueryDraft, QueryDraftSaved, QueryHistoryEntry, TableName } from '$lib/ipc';

export type { QueryDraft, QueryHistoryEntry } from '$lib/ipc';

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
  /** An order that the server is asked for. */
  sort?: QuerySort[];
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
  /** Null is NULL. */
  text: string | null;
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
export interface QueryFile {
  /** From the folder on; of the starter set with `starter:` before it. */
  path: string;
  title: string;
  starter: boolean;
  /** The connection that it says it is for, by id or name. */
  connection: string | null;
  /** The question that it answers. */
  answers: string | null;
  /** Of the starter set: which errors of the guide it corrects, and how. */
  corrects: string | null;
  /** The extension that it needs. */
  needs: string | null;
  problem: string | null;
}
export interface QueryFileText {
  file: QueryFile;
  text: string;
  /** What the file was when it was read, to be given back when it is saved. */
  stamp: string;
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
  query_history_remove: Of<{ kind: 'entry'; id: string } | { kind: 'connection'; connection: string }, unknown>;
  query_draft_save: Of<{ draft: QueryDraft }, QueryDraftSaved>;
  query_draft_list: Of<Record<string, never>, QueryDraft[]>;
  query_draft_remove: Of<OfTab, unknown>;
  query_file_list: Of<{ connection: string | null }, QueryFile[]>;
  query_file_read: Of<{ path: string; connection: string | null }, QueryFileText>;
  query_file_save: Of<{ path: string; connection: string | null; text: string; stamp: string | null }, QueryFileText>;
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
