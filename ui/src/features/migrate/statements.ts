/** The statements of a plan as rows, and a plan in words. */
import { count, plural, size } from '$lib/format';
import { about, blocksKind, type StatementRow } from '$lib/plan/locks';
import type { Doomed, Plan, PlannedMigration, PlannedStatement } from './wire';

export const statementsOf = (step: PlannedMigration): StatementRow[] => step.statements.map((one, at) => toRow(one, `${step.version} ${at}`));

const WHY: Record<string, string | undefined> = { leftover: 'clears a broken build away', ledger: 'keeps the ledger', rake: 'run by rake' };

export function toRow(statement: PlannedStatement, key: string): StatementRow {
  const { sql, lock, relations, consequence, estimateMs, estimateBasis } = statement;
  const note = WHY[statement.purpose] ?? (statement.line > 0 ? `line ${statement.line}` : undefined);
  const number = statement.index === null ? undefined : statement.index + 1;
  return { key, number, sql, lock, relations, consequence, kind: blocksKind(statement.blocks), reads: statement.readsBytes, estimateMs, estimateBasis, note };
}

export const isDown = (plan: Pick<Plan, 'steps'>): boolean => plan.steps.some((step) => step.direction === 'down');

/** "Apply 6 migrations", "Roll back 2 migrations"; both ways at once are a redo. */
export function actOf(plan: Pick<Plan, 'steps' | 'request'>): string {
  const down = plan.steps.filter((step) => step.direction === 'down').length;
  const up = plan.steps.length - down;
  if (plan.request.kind === 'resume') return 'Resume 1 migration';
  if (plan.request.kind === 'undo') return 'Undo 1 migration';
  if (down > 0 && up > 0) return `Redo ${plural(down, 'migration')}`;
  return `${down > 0 ? 'Roll back' : 'Apply'} ${plural(plan.steps.length, 'migration')}`;
}

/** The worst that others will feel, in words. */
export function meanwhile(plan: Pick<Plan, 'steps'>): string {
  const statements = plan.steps.flatMap((step) => step.statements);
  const all = statements.filter((one) => one.blocks === 'reads_and_writes');
  const writes = statements.filter((one) => one.blocks === 'writes');
  if (all.length > 0) return `Reads and writes of ${tables(all)} wait during ${plural(all.length, 'statement')}.`;
  if (writes.length > 0) return `Writes to ${tables(writes)} wait during ${plural(writes.length, 'statement')}; reads go on.`;
  if (statements.some((one) => one.blocks !== 'nobody')) return 'What some statements block is not known beforehand.';
  return 'Reads and writes go on.';
}

/** Four names at most: the plan has them all. */
function tables(statements: PlannedStatement[]): string {
  const names = [...new Set(statements.flatMap((one) => one.relations))];
  if (names.length <= 4) return names.join(', ') || 'some tables';
  return `${names.slice(0, 3).join(', ')} and ${count(names.length - 3)} more tables`;
}

/** "About 4 min 50 s"; of one version of a plan, or of all. */
export function estimateOf(statements: Pick<PlannedStatement, 'estimateMs'>[]): { text: string; open: number } {
  const known = statements.filter((one) => one.estimateMs !== null);
  const sum = known.reduce((all, one) => all + (one.estimateMs ?? 0), 0);
  return { text: known.length === 0 ? 'not known' : about(sum), open: statements.length - known.length };
}

/** "2.2 GB of 118 GB free"; null where nothing is needed. */
export function diskOf({ neededBytes, freeBytes, unknown }: Plan['disk']): { needed: string; rest: string; short: boolean } | null {
  if (neededBytes === 0 && unknown === 0) return null;
  const needed = neededBytes === 0 ? 'not known' : size(neededBytes);
  const rest = freeBytes === null ? 'needed on disk; what is free is not known' : `of ${size(freeBytes)} free`;
  return { needed, rest, short: freeBytes !== null && neededBytes > freeBytes };
}

/** As the backend has it, which asks for the name. */
const DATA = ['table', 'rows', 'column', 'sequence', 'schema', 'extension', 'other', 'unknown'];

/** It can't be made again by running the files; an index can. */
export const isData = (one: Pick<Doomed, 'kind'>): boolean => DATA.includes(one.kind);
