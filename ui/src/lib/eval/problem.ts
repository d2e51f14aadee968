/** Which of the known troubles an error is. */
import type { AppError } from '../ipc';

const TABLES = ['evaluation_runs', 'evaluation_results', 'evaluation_configurations', 'evaluation_spans'];

/** 42P01 is an undefined table, 3F000 an undefined schema. */
export const isSchemaMissing = (error: AppError): boolean => error.sqlstate === '42P01' || error.sqlstate === '3F000';

export const isForbidden = (error: AppError): boolean => error.sqlstate === '42501' || error.is('permission_denied');

/** The tables that the server named; all four when it named none. */
export function forbiddenTables(error: AppError): string[] {
  const text = [error.message, error.detail, ...error.causes].join(' ');
  const named = TABLES.filter((table) => text.includes(table));
  return named.length > 0 ? named : TABLES;
}
