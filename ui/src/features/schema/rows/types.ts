/** How a column of rows is laid out by its type. The text itself is the server's and stays untouched. */
import type { RowColumn } from '$lib/ipc';

const NUMERIC = /^(smallint|integer|bigint|real|double precision|numeric|money|oid|xid|cid)\b(?!.*\[\])/;

export const isNumeric = (type: string): boolean => NUMERIC.test(type);

export const isJson = (type: string): boolean => type === 'json' || type === 'jsonb';

const LETTER = 7;
const [LEAST, MOST] = [72, 300];

/** By the head and the longest of the cells that are seen, within bounds. */
export function widthOf(column: RowColumn, lengths: number[]): number {
  const head = column.name.length * 6.4 + 34;
  const cells = Math.max(4, ...lengths) * LETTER + 22;
  return Math.round(Math.max(LEAST, Math.min(MOST, Math.max(head, cells))));
}
