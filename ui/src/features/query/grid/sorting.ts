/** Where a result is sorted and filtered, in words. What is sorted here goes by values only where we know them. */
import { count } from '$lib/format';
import type { QueryColumn, QuerySort } from '../wire';

/** Kinds that are sorted here as the server sorts them: by value. The rest has its own order there: a collation, an enum's. */
const BY_VALUE: ReadonlySet<QueryColumn['kind']> = new Set(['number', 'boolean', 'timestamp', 'timestamptz', 'binary']);

export const isByBytes = (column: QueryColumn | undefined): boolean => column !== undefined && !BY_VALUE.has(column.kind);

/** Beside "by bytes", for whoever wonders why Z comes before a. */
export const COLLATION = 'Text that is sorted here is in the order of its bytes (collation C): Z before a, é after z. ORDER BY goes by the collation of the server, and may order it differently.';

export interface Arrangement {
  text: string;
  title: string;
}

/** "sorted here, by bytes, and filtered here, over all 1,000 rows"; nothing where the rows are as they came. */
export function arrangedHere(sort: QuerySort[], filters: number, columns: QueryColumn[], rows: number): Arrangement {
  const bytes = sort.some((one) => isByBytes(columns[one.column]));
  const done = [sort.length > 0 && `sorted${filters > 0 ? '' : ' here'}${bytes ? ', by bytes,' : ''}`, filters > 0 && 'filtered here'].filter(Boolean).join(' and ');
  const text = done && `${done.replace(/,$/, '')}, over all ${count(rows)} rows`;
  return { text, title: bytes ? `${text}. ${COLLATION}` : text };
}
