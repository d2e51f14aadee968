/** The statements of a plan as rows, each with whom it keeps waiting. */
import { plural } from '$lib/format';
import type { MigrationPlan, PlannedMigration, PlannedStatement } from '$lib/ipc';
import { blocksKind, type StatementRow } from '$lib/plan/locks';

export const statementsOf = (step: PlannedMigration): StatementRow[] => step.statements.map((one, at) => toRow(one, `${step.version} ${at}`));

export function toRow(statement: PlannedStatement, key: string): StatementRow {
  const why = { leftover: 'clears a broken build away', ledger: 'keeps the ledger', migration: null }[statement.purpose];
  const { sql, lock, relations, consequence } = statement;
  return { key, sql, lock, relations, consequence, kind: blocksKind(statement.blocks), note: why ?? (statement.line > 0 ? `line ${statement.line}` : undefined) };
}

/** "Apply 6 migrations", "Roll back 2 migrations". */
export function actOf(plan: MigrationPlan): string {
  const down = plan.steps.some((step) => step.direction === 'down');
  return `${down ? 'Roll back' : 'Apply'} ${plural(plan.steps.length, 'migration')}`;
}

/** The worst that others will feel, in words. */
export function meanwhile(plan: MigrationPlan): string {
  const statements = plan.steps.flatMap((step) => step.statements);
  const all = statements.filter((one) => one.blocks === 'reads_and_writes');
  const writes = statements.filter((one) => one.blocks === 'writes');
  if (all.length > 0) return `Reads and writes of ${tables(all)} wait during ${plural(all.length, 'statement')}.`;
  if (writes.length > 0) return `Writes to ${tables(writes)} wait during ${plural(writes.length, 'statement')}; reads go on.`;
  if (statements.some((one) => one.blocks !== 'nobody')) return 'What some statements block is not known beforehand.';
  return 'Reads and writes go on.';
}

const tables = (statements: PlannedStatement[]): string => [...new Set(statements.flatMap((one) => one.relations))].join(', ') || 'some tables';
