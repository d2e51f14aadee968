/** What a column of the grid is, and how its width is found. */
import type { Snippet } from 'svelte';

export type CellValue = string | number | bigint | boolean | null | undefined;

export interface Column<Row> {
  id: string;
  label: string;
  /** Pixels; with `grow` the least. */
  width?: number;
  /** Takes this share of what is left. */
  grow?: number;
  /** Numbers stand right, and so does their head. */
  align?: 'left' | 'right';
  /** 2 leaves when the window is narrower than 1100 px. */
  rank?: 1 | 2;
  sortable?: boolean;
  mono?: boolean;
  /** What the cell holds: drawn when there is no `cell`, and its title when it is cut. */
  value?: (row: Row) => CellValue;
  title?: (row: Row) => string | undefined;
  cell?: Snippet<[Row, number, Column<Row>]>;
  head?: Snippet<[Column<Row>]>;
  /** Explains the head on hover. */
  hint?: string;
}

export interface Sort {
  column: string;
  direction: 'ascending' | 'descending';
}

const LEAST = 64;

export function visibleColumns<Row>(columns: Column<Row>[], narrow: boolean): Column<Row>[] {
  return narrow ? columns.filter((column) => column.rank !== 2) : columns;
}

/** Pixels that the longest of these figures needs, padding included: a figure that is cut is another figure. */
export const fitting = (texts: string[], least: number): number =>
  texts.reduce((width, text) => Math.max(width, Math.ceil(text.length * 6.6) + 18), least);

/** The `grid-template-columns` shared by the head and every row. */
export function template<Row>(columns: Column<Row>[]): string {
  const anyGrows = columns.some((column) => column.grow);
  return columns
    .map((column, at) => {
      const least = column.width ?? (column.grow ? 120 : LEAST);
      const grow = column.grow ?? (!anyGrows && at === 0 ? 1 : 0);
      return grow > 0 ? `minmax(${least}px, ${grow}fr)` : `${least}px`;
    })
    .join(' ');
}

/** Below this the grid scrolls sideways. */
export function leastWidth<Row>(columns: Column<Row>[]): number {
  return columns.reduce((sum, column) => sum + (column.width ?? (column.grow ? 120 : LEAST)), 0);
}

/** Words begin at A, figures and moments at the most; the same head again turns it round. */
export function nextSort<Row>(sort: Sort | null | undefined, column: Column<Row>): Sort {
  const first = column.align === 'right' ? 'descending' : 'ascending';
  const turned = sort?.direction === 'descending' ? 'ascending' : 'descending';
  return { column: column.id, direction: sort?.column === column.id ? turned : first };
}
