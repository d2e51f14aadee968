/** The question before something is written: verb, count, object, and what it reaches. */
import { plural } from '$lib/format';
import type { QueryGuardPlan, QueryGuardStatement } from '../wire';

/** Statements after which rows are gone for good. */
const KILLS = /^(drop|truncate|delete)\b/i;

export const kills = (plan: QueryGuardPlan): boolean => plan.statements.some((one) => KILLS.test(one.verb));

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
const verbOf = ({ verb }: QueryGuardStatement): string => capital(verb);

const WHERE = /\bwhere\b/i;

/** "Delete all 1,204 rows of orders", "Delete rows of orders", "Drop table orders", "Run 3 statements that write". */
export function actOf({ statements }: QueryGuardPlan): string {
  const [one] = statements;
  if (!one || statements.length > 1) return `Run ${plural(statements.length, 'statement')} that write`;
  const object = one.target ?? '';
  if (!/^(delete|update)$/i.test(one.verb)) return [verbOf(one), object].filter(Boolean).join(' ');
  // What is known are the rows of the object: with a condition nobody knows yet how many of them.
  const all = one.rows !== null && !WHERE.test(one.sql) ? `${one.estimated ? 'about ' : 'all '}${plural(one.rows, 'row')}` : 'rows';
  return `${verbOf(one)} ${all}${object ? ` of ${object}` : ''}`;
}

/** Why it is asked about, as a sentence. */
export const reasonOf = ({ why }: QueryGuardStatement): string => (why === '' ? '' : `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? '' : '.'}`);

/** The same on a button, where the title names the object already. */
export const buttonOf = (plan: QueryGuardPlan): string => actOf(plan).replace(/ of [^\n]*$/, '');

export const titleOf = (plan: QueryGuardPlan, database: string): string => `${actOf(plan)} on ${database}?`;

/** The way out repeats what stays. */
export function keepOf(plan: QueryGuardPlan): string {
  if (!kills(plan)) return 'Not now';
  return plan.statements.length === 1 && /^(drop|truncate)/i.test(plan.statements[0]?.verb ?? '') ? 'Keep it' : 'Keep them';
}
