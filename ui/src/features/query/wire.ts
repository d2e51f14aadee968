/** What travels between the workbench and the backend. Offsets into SQL are UTF-16 code units from 0, as JavaScript counts. */
import type { Cell, Commands } from '$lib/ipc';

export type {
  QueryCellPart, QueryColumn, QueryCondition, QueryConsent, QueryCopyFormat, QueryDraft, QueryEdit, QueryEditPlan, QueryEditable, QueryExport, QueryExportFormat, QueryFile, QueryFileText,
  QueryFilter, QueryGuardPlan, QueryGuardStatement, QueryHistoryEntry, QueryNotice, QueryParameter, QueryPhase, QueryPiece, QueryPlace, QueryRange, QueryResult, QueryRows,
  QueryRunReply, QuerySort, QueryState, QueryStatement, QueryView,
} from '$lib/ipc';

export type QueryCell = Cell;
export type QueryCommands = Pick<Commands, Extract<keyof Commands, `query_${string}`>>;
