/** What a file says about itself in its head, each tool in its own words, and what its parts are for. */
import type { MigrationFormat } from '$lib/ipc';
import type { Part } from './draft.svelte';

/** Ours anywhere in the head of comments, sqlx's as the first bytes, dbmate's behind its mark. */
const ALONE: Record<MigrationFormat, RegExp> = {
  evaldesk: /^(?:\s*--[^\n]*\n)*?[ \t]*-- evaldesk: no-transaction[^\n]*(?:\n|$)/,
  sqlx: /^-- no-transaction[^\n]*(?:\n|$)/,
  dbmate: /^-- migrate:up[^\n]*transaction:false[^\n]*(?:\n|$)/m,
  rails: /(?!)/,
};

export const withoutTransaction = (text: string, format: MigrationFormat): boolean => ALONE[format].test(text);

/** The same text, in a transaction or out of it. */
export function toggled(text: string, format: MigrationFormat): string {
  const alone = withoutTransaction(text, format);
  if (format === 'dbmate') return alone ? text.replace(/[ \t]+transaction:false/, '') : text.replace(/^(-- migrate:up)[^\n]*/m, '$1 transaction:false');
  if (format === 'sqlx') return alone ? text.replace(ALONE.sqlx, '') : `-- no-transaction\n${text}`;
  return alone ? text.replace(/^[ \t]*-- evaldesk: no-transaction[^\n]*(?:\n|$)/m, '') : `-- evaldesk: no-transaction\n${text}`;
}

/** What a part begins with in a folder of that tool. */
export const beginning = (part: Part, format: MigrationFormat): string => (format === 'dbmate' && part !== 'verify' ? `-- migrate:${part}\n` : '');

/** The parts that a folder of that tool knows. */
export const partsOf = (format: MigrationFormat): Part[] => (format === 'evaldesk' ? ['up', 'down', 'verify'] : format === 'rails' ? [] : ['up', 'down']);

export const HINTS: Record<Part, { hint: string; means: string }> = {
  up: { hint: 'create index concurrently ...', means: 'What the migration does. It runs in one transaction unless the head says otherwise; the lint speaks here while you type.' },
  down: { hint: 'drop index concurrently ...', means: 'What takes it back. Without it the version is IRREVERSIBLE: only a backup brings the database back.' },
  verify: { hint: "select 'idx_results_score is missing' where to_regclass('idx_results_score') is null", means: 'Queries that return a row for each problem. They run after the up part and on demand, and tell an applied version from one that is only recorded.' },
};
