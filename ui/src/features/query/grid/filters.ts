/** Conditions on a result's columns as sentences. */
import type { QueryColumn, QueryFilter } from '../wire';

export const OPERATORS: { op: QueryFilter['op']; word: string; value: boolean }[] = [
  { op: 'contains', word: 'contains', value: true },
  { op: 'equals', word: 'is', value: true },
  { op: 'notEquals', word: 'is not', value: true },
  { op: 'greater', word: 'is greater than', value: true },
  { op: 'less', word: 'is less than', value: true },
  { op: 'isNull', word: 'is NULL', value: false },
  { op: 'isNotNull', word: 'is not NULL', value: false },
];

export const takesValue = (op: QueryFilter['op']): boolean => OPERATORS.find((one) => one.op === op)?.value ?? true;

export function sentence(filter: QueryFilter, columns: QueryColumn[]): string {
  const known = OPERATORS.find((one) => one.op === filter.op);
  const name = columns[filter.column]?.name || `column ${filter.column + 1}`;
  return `${name} ${known?.word ?? filter.op}${known?.value === false ? '' : ` ${filter.value === '' ? 'the empty string' : filter.value}`}`;
}
