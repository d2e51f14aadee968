/** What the heads and the cells of a result offer. */
import type { MenuItem } from '$lib/ui';
import type { QueryCopyFormat } from '../wire';
import { hidden, pinned, resized, shifted, type ShownColumn } from './columns';
import type { Grid } from './grid.svelte';
import { isByBytes } from './sorting';

export const COPIES: { format: QueryCopyFormat; label: string; hint?: string }[] = [
  { format: 'tsv', label: 'TSV', hint: 'Ctrl C' },
  { format: 'csv', label: 'CSV' },
  { format: 'json', label: 'JSON' },
  { format: 'markdown', label: 'Markdown' },
  { format: 'insert', label: 'INSERT' },
];

export interface Does {
  /** Why sorting and filtering wait; null while they don't. */
  waits: string | null;
  /** Not all rows are here and no more come: the server sorts instead. */
  onServer: ((column: ShownColumn, descending: boolean) => void) | null;
  filter: (column: ShownColumn, text: string | null) => void;
  copy: (format: QueryCopyFormat) => void;
  view: () => void;
  edit: (() => void) | null;
  setNull: (() => void) | null;
  insertRow: (() => void) | null;
  deleteRows: (() => void) | null;
  /** Why nothing can be changed here. */
  why: string | null;
}

export function headMenu(grid: Grid, column: ShownColumn, does: Does): MenuItem[] {
  const { index } = column;
  const by = grid.sort.find((one) => one.column === index);
  const sort = (descending: boolean) => () => (does.onServer ? does.onServer(column, descending) : void grid.arrange([{ column: index, descending }], grid.filters));
  const sortWaits = does.onServer ? null : does.waits;
  const where = does.onServer ? 'by the server' : undefined;
  const sorts = where ?? (isByBytes(column.column) ? 'by bytes' : undefined);
  const lay = (layout: Grid['layout']) => () => (grid.layout = layout);
  return [
    { label: 'Sort ascending', icon: 'arrowup', hint: by && !by.descending ? 'now' : sorts, disabledReason: sortWaits, run: sort(false) },
    { label: 'Sort descending', icon: 'arrowdown', hint: by?.descending ? 'now' : sorts, disabledReason: sortWaits, run: sort(true) },
    ...(by ? [{ label: 'As it came', run: () => void grid.arrange([], grid.filters) }] : []),
    { label: 'Filter…', icon: 'filter', hint: where, disabledReason: sortWaits, run: () => does.filter(column, null) },
    'rule',
    { label: column.pinned ? 'Let it scroll' : 'Pin at the left', icon: 'pin', run: lay(pinned(grid.layout, index)) },
    { label: 'As wide as its values', run: () => (grid.layout = resized(grid.layout, index, grid.fit(index))) },
    { label: 'Move left', hint: 'Ctrl Alt ←', run: lay(shifted(grid.layout, grid.columns, index, -1)) },
    { label: 'Move right', hint: 'Ctrl Alt →', run: lay(shifted(grid.layout, grid.columns, index, 1)) },
    { label: 'Hide', disabledReason: grid.columns.length < 2 ? 'It is the last that is shown' : null, run: lay(hidden(grid.layout, index)) },
    ...(grid.layout.hidden.length > 0 ? [{ label: `Show ${grid.layout.hidden.length} hidden`, run: lay({ ...grid.layout, hidden: [] }) }] : []),
  ];
}

export function cellMenu(grid: Grid, does: Does): MenuItem[] {
  const { active } = grid.selection;
  const column = grid.columns[active.column];
  const cell = grid.cell(active);
  if (!column) return [];
  return [
    { label: 'Look at the value', icon: 'eye', hint: 'Enter', run: does.view },
    { label: 'Filter by this value', icon: 'filter', hint: does.onServer ? 'by the server' : undefined, disabledReason: (does.onServer ? null : does.waits) ?? (cell?.cut ? 'It is cut' : null), run: () => does.filter(column, cell?.text ?? null) },
    'rule',
    ...COPIES.map(({ format, label, hint }) => ({ label: `Copy as ${label}`, icon: 'copy' as const, hint, run: () => does.copy(format) })),
    'rule',
    { label: 'Edit', hint: 'F2', disabledReason: does.why, run: () => does.edit?.() },
    { label: 'Set to NULL', hint: 'Ctrl Backspace', disabledReason: does.why, run: () => does.setNull?.() },
    { label: 'Insert a row', hint: 'Ctrl Insert', disabledReason: does.why, run: () => does.insertRow?.() },
    { label: 'Delete rows', hint: 'Ctrl Delete', danger: true, disabledReason: does.why, run: () => does.deleteRows?.() },
    ...(grid.layout.hidden.length > 0 ? (['rule', { label: `Show ${grid.layout.hidden.length} hidden columns`, run: () => (grid.layout = { ...grid.layout, hidden: [] }) }] as MenuItem[]) : []),
  ];
}
