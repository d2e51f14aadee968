/** What is selected in a grid: a rectangle between an anchor and the active cell; whole rows or columns are its far sides. */
export interface Place {
  row: number;
  column: number;
}

export interface Selection {
  anchor: Place;
  active: Place;
  /** Whole rows or whole columns, whatever their number becomes. */
  whole: 'rows' | 'columns' | 'all' | null;
}

export interface Range {
  first: number;
  last: number;
}

export const NONE: Selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 }, whole: null };

export const at = (place: Place): Selection => ({ anchor: place, active: place, whole: null });

const between = (a: number, b: number): Range => ({ first: Math.min(a, b), last: Math.max(a, b) });

export const rowsOf = (selection: Selection, rows: number): Range =>
  selection.whole === 'columns' || selection.whole === 'all' ? { first: 0, last: rows - 1 } : between(selection.anchor.row, selection.active.row);

/** By their places on screen. */
export const columnsOf = (selection: Selection, columns: number): Range =>
  selection.whole === 'rows' || selection.whole === 'all' ? { first: 0, last: columns - 1 } : between(selection.anchor.column, selection.active.column);

export function isSelected(selection: Selection, row: number, column: number): boolean {
  const { whole, anchor, active } = selection;
  const inRows = whole === 'columns' || whole === 'all' || (row >= Math.min(anchor.row, active.row) && row <= Math.max(anchor.row, active.row));
  const inColumns = whole === 'rows' || whole === 'all' || (column >= Math.min(anchor.column, active.column) && column <= Math.max(anchor.column, active.column));
  return inRows && inColumns;
}

export const isOne = ({ anchor, active, whole }: Selection): boolean => whole === null && anchor.row === active.row && anchor.column === active.column;

export interface Bounds {
  rows: number;
  columns: number;
  page: number;
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Where a key leads; null when the key is not one that moves. Shift keeps the anchor. */
export function moved(event: Press, selection: Selection, bounds: Bounds): Selection | null {
  if (event.altKey || bounds.rows === 0 || bounds.columns === 0) return null;
  const whole = wholeBy(event, selection);
  if (whole) return whole;
  const to = target(event.key, event.ctrlKey || event.metaKey, selection.active, bounds);
  if (!to) return null;
  const active = { row: clamp(to.row, bounds.rows), column: clamp(to.column, bounds.columns) };
  return event.shiftKey ? { anchor: selection.anchor, active, whole: null } : at(active);
}

/** Shift Space takes the row, Ctrl Space the column, Ctrl A everything, as in every sheet. */
function wholeBy(event: Press, selection: Selection): Selection | null {
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && event.key.toLowerCase() === 'a') return { ...selection, whole: 'all' };
  if (event.key !== ' ' || ctrl === event.shiftKey) return null;
  return { ...selection, whole: ctrl ? 'columns' : 'rows' };
}

function target(key: string, ctrl: boolean, from: Place, { rows, columns, page }: Bounds): Place | null {
  const last = { row: rows - 1, column: columns - 1 };
  switch (key) {
    case 'ArrowDown':
      return { ...from, row: ctrl ? last.row : from.row + 1 };
    case 'ArrowUp':
      return { ...from, row: ctrl ? 0 : from.row - 1 };
    case 'ArrowRight':
      return { ...from, column: ctrl ? last.column : from.column + 1 };
    case 'ArrowLeft':
      return { ...from, column: ctrl ? 0 : from.column - 1 };
    case 'PageDown':
      return { ...from, row: from.row + page };
    case 'PageUp':
      return { ...from, row: from.row - page };
    case 'Home':
      return { row: ctrl ? 0 : from.row, column: 0 };
    case 'End':
      return { row: ctrl ? last.row : from.row, column: last.column };
    default:
      return null;
  }
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1));
