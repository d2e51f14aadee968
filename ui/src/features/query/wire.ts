/** What travels between the workbench and the backend. Offsets into SQL are UTF-16 code units from 0, as JavaScript counts. */
import type { Cell, Commands, QueryConsent, QueryParameter } from '$lib/ipc';

export type {
  QueryCellPart, QueryColumn, QueryConsent, QueryCopyFormat, QueryDraft, QueryEditable, QueryFile, QueryFileText, QueryFilter, QueryGuardPlan, QueryGuardStatement, QueryHistoryEntry,
  QueryNotice, QueryParameter, QueryPhase, QueryPiece, QueryPlace, QueryRange, QueryResult, QueryRows, QueryRunReply, QuerySort, QueryState, QueryStatement, QueryView,
} from '$lib/ipc';

export type QueryCell = Cell;

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
/** Commands that the table does not have yet. */
interface Awaited {
  query_complete: Of<{ connection: string; text: string; offset: number }, QueryCompletion>;
  query_edit_plan: Of<{ tab: string; result: string; edits: QueryEdit[] }, QueryEditPlan>;
  query_edit_apply: Of<{ tab: string; result: string; edits: QueryEdit[]; consent: QueryConsent }, unknown>;
  query_export: Of<
    { connection: string; tab: string | null; result: string | null; view: string | null; text: string | null; parameters: QueryParameter[]; format: QueryExportFormat; path: string; table: string | null; overwrite: boolean },
    { job: string }
  >;
}
export type QueryCommands = Pick<Commands, Extract<keyof Commands, `query_${string}`>> & Awaited;
