/** What travels between the workbench and the backend. Offsets into SQL are UTF-16 code units from 0, as JavaScript counts. */
import type { Cell, Commands, QueryConsent } from '$lib/ipc';

export type {
  QueryCellPart, QueryColumn, QueryConsent, QueryCopyFormat, QueryDraft, QueryEditable, QueryExport, QueryExportFormat, QueryFile, QueryFileText, QueryFilter, QueryGuardPlan, QueryGuardStatement, QueryHistoryEntry,
  QueryNotice, QueryParameter, QueryPhase, QueryPiece, QueryPlace, QueryRange, QueryResult, QueryRows, QueryRunReply, QuerySort, QueryState, QueryStatement, QueryView,
} from '$lib/ipc';

export type QueryCell = Cell;

export type QueryEdit =
  | { kind: 'update'; row: number; column: number; value: string | null }
  | { kind: 'insert'; values: { column: number; value: string | null }[] }
  | { kind: 'delete'; row: number };
export interface QueryEditPlan {
  statements: string[];
  hash: string;
  name: string | null;
}

interface Of<Args, Reply> {
  args: Args;
  reply: Reply;
}
/** Commands that the table does not have yet. */
interface Awaited {
  query_edit_plan: Of<{ tab: string; result: string; edits: QueryEdit[] }, QueryEditPlan>;
  query_edit_apply: Of<{ tab: string; result: string; edits: QueryEdit[]; consent: QueryConsent }, unknown>;
}
export type QueryCommands = Pick<Commands, Extract<keyof Commands, `query_${string}`>> & Awaited;
