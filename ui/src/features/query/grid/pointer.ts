/** Selecting by the pointer: a cell, a row by its number, with Shift up to there, and pulled over many. */
import type { Grid } from './grid.svelte';
import { at as only, isOne } from './selection';

export interface Pointed {
  row: number;
  /** Null on the number of a row. */
  column: number | null;
}

/** What a pointer is over; null outside of the rows. */
export function placeOf(event: PointerEvent | MouseEvent): Pointed | null {
  const target = event.target as HTMLElement;
  const line = target.closest<HTMLElement>('[role="row"]')?.getAttribute('aria-rowindex');
  if (!line || line === '1') return null;
  const cell = target.closest<HTMLElement>('[data-at]')?.dataset.at;
  return { row: Number(line) - 2, column: cell === undefined ? null : Number(cell) };
}

export function press(event: PointerEvent, grid: Grid): void {
  const place = placeOf(event);
  if (!place || event.button === 1) return;
  const { row, column } = place;
  if (column === null) {
    const anchor = event.shiftKey ? grid.selection.anchor : { row, column: 0 };
    return grid.select({ anchor, active: { row, column: grid.selection.active.column }, whole: 'rows' });
  }
  // The menu is for what is selected, where that is more than a cell.
  if (event.button === 2 && !isOne(grid.selection)) return;
  const to = { row, column };
  grid.select(event.shiftKey ? { anchor: grid.selection.anchor, active: to, whole: null } : only(to));
  if (event.button === 0 && event.pointerType === 'mouse') follow(event.currentTarget as HTMLElement, grid);
}

/** While the button is down the selection goes with the pointer. */
function follow(element: HTMLElement, grid: Grid): void {
  const over = (event: PointerEvent) => {
    const place = placeOf(event);
    if (place && place.column !== null) grid.select({ ...grid.selection, active: { row: place.row, column: place.column } });
  };
  const end = () => {
    element.removeEventListener('pointermove', over);
    window.removeEventListener('pointerup', end);
  };
  element.addEventListener('pointermove', over);
  window.addEventListener('pointerup', end);
}
