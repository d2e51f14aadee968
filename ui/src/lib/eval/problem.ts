/** Which of the known troubles an error is, and what its owner could grant. */
import type { AppError } from '../ipc';

const TABLES = ['evaluation_runs', 'evaluation_results', 'evaluation_configurations', 'evaluation_spans'];

/** 42P01 is an undefined table, 3F000 an undefined schema. */
export const isSchemaMissing = (error: AppError): boolean => error.sqlstate === '42P01' || error.sqlstate === '3F000';

export const isForbidden = (error: AppError): boolean => error.sqlstate === '42501' || error.is('permission_denied');

/** The statements for whoever owns what was refused; the four tables when the server named nothing. */
export function grants(error: AppError, user: string): string {
  const said = [error.message, error.detail, ...error.causes].join('\n');
  const schema = /permission denied for schema (\S+)/.exec(said)?.[1];
  if (schema) return `grant usage on schema ${name(schema)} to ${name(user)};`;
  const refused = /permission denied for (?:table|view|materialized view|relation|foreign table) ([^\n]+?)(?:[.,;]?(?:\n|$))/.exec(said)?.[1];
  return (refused ? [refused] : TABLES).map((table) => `grant select on ${name(table)} to ${name(user)};`).join('\n');
}

/** The server names objects without quotes. */
const name = (text: string): string => (/^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replace(/"/g, '""')}"`);

/** A message of the backend as a sentence. */
export function sentence(message: string): string {
  const first = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
