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

export const sentence = (filter: QueryFilter, columns: QueryColumn[]): string => worded(filter, columns[filter.column]?.name || `column ${filter.column + 1}`);

export function worded(filter: { op: QueryFilter['op']; value: string }, name: string): string {
  const known = OPERATORS.find((one) => one.op === filter.op);
  return `${name} ${known?.word ?? filter.op}${known?.value === false ? '' : ` ${filter.value === '' ? 'the empty string' : filter.value}`}`;
}
