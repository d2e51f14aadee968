/** Conditions on columns: as a sentence, and in the link. */
import type { ColumnFilter, FilterOp } from '$lib/ipc';
import type { RowsLink } from './rows.svelte';

export const OPERATORS: { op: FilterOp; word: string; needsValue: boolean }[] = [
  { op: 'eq', word: 'is', needsValue: true },
  { op: 'ne', word: 'is not', needsValue: true },
  { op: 'lt', word: 'is less than', needsValue: true },
  { op: 'gt', word: 'is more than', needsValue: true },
  { op: 'contains', word: 'contains', needsValue: true },
  { op: 'is_null', word: 'is NULL', needsValue: false },
  { op: 'not_null', word: 'is not NULL', needsValue: false },
];

export const operator = (op: FilterOp) => OPERATORS.find((one) => one.op === op) ?? { op, word: op, needsValue: true };

export function sentence(filter: ColumnFilter): string {
  const { word, needsValue } = operator(filter.op);
  return needsValue ? `${filter.column} ${word} ${filter.value === '' ? 'the empty string' : filter.value}` : `${filter.column} ${word}`;
}

export function toLink(link: RowsLink): Record<string, string | undefined> {
  return {
    tab: 'rows',
    where: link.filter.length > 0 ? JSON.stringify(link.filter.map(({ column, op, value }) => [column, op, value])) : undefined,
    sort: link.sort ? `${link.sort.direction === 'descending' ? '-' : ''}${link.sort.column}` : undefined,
    cursor: link.cursor ?? undefined,
  };
}

export function fromLink(query: Record<string, string>): RowsLink {
  const { sort, cursor, where } = query;
  return {
    filter: conditions(where),
    sort: sort ? { column: sort.replace(/^-/, ''), direction: sort.startsWith('-') ? 'descending' : 'ascending' } : null,
    cursor: cursor ?? null,
  };
}

/** A link may have been written by hand: what does not fit is left out. */
function conditions(text: string | undefined): ColumnFilter[] {
  try {
    const list = JSON.parse(text ?? '[]') as unknown[];
    return list.flatMap((one) => {
      const [column, op, value] = one as [string, FilterOp, string | null];
      return typeof column === 'string' && OPERATORS.some((known) => known.op === op) ? [{ column, op, value: value ?? null }] : [];
    });
  } catch {
    return [];
  }
}
