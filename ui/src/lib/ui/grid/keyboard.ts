/** Where a key moves the active cell. Row -1 is the head. Pure, so that a test can walk it. */
export interface Cell {
  row: number;
  column: number;
}

export interface Bounds {
  rows: number;
  columns: number;
  page: number;
  /** The head can be reached (something in it sorts). */
  head: boolean;
}

/** The new active cell, or null when the key is not the grid's. */
export function moveCell(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>, at: Cell, bounds: Bounds): Cell | null {
  if (event.altKey) return null;
  const target = step(event.key, event.ctrlKey || event.metaKey, at, bounds);
  if (target === null) return null;
  const top = bounds.head ? -1 : 0;
  return {
    row: clamp(target.row, Math.min(top, bounds.rows - 1), bounds.rows - 1),
    column: clamp(target.column, 0, bounds.columns - 1),
  };
}

function step(key: string, ctrl: boolean, at: Cell, bounds: Bounds): Cell | null {
  const last = bounds.rows - 1;
  if (ctrl) {
    if (key === 'Home') return { row: 0, column: 0 };
    if (key === 'End') return { row: last, column: bounds.columns - 1 };
    return null;
  }
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return { ...at, row: at.row + 1 };
    case 'ArrowUp':
      return { ...at, row: at.row - 1 };
    case 'k':
      return { ...at, row: Math.max(0, at.row - 1) };
    case 'ArrowRight':
      return { ...at, column: at.column + 1 };
    case 'ArrowLeft':
      return { ...at, column: at.column - 1 };
    case 'Home':
      return { ...at, column: 0 };
    case 'End':
      return { ...at, column: bounds.columns - 1 };
    case 'PageDown':
      return { ...at, row: Math.min(last, at.row + bounds.page) };
    case 'PageUp':
      return { ...at, row: Math.max(0, at.row - bounds.page) };
    default:
      return null;
  }
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
