import { expect, test } from 'vitest';
import type { QueryGuardStatement } from '../wire';
import { modeOf } from '$lib/writes';
import { actOf, buttonOf, keepOf, kills, reasonOf, titleOf } from './words';

const one = (more: Partial<QueryGuardStatement>): QueryGuardStatement => ({ index: 0, sql: '', verb: 'delete', target: 'orders', rows: null, bytes: null, estimated: false, why: '', ...more });
const plan = (...statements: QueryGuardStatement[]) => ({ statements, name: null, hash: 'h' });

test('the question names act, count and object', () => {
  expect(titleOf(plan(one({ rows: 1204 })), 'raaf_eval_production')).toBe('Delete all 1,204 rows of orders on raaf_eval_production?');
  expect(actOf(plan(one({ verb: 'update', rows: 5, estimated: true })))).toBe('Update about 5 rows of orders');
  expect(actOf(plan(one({ verb: 'drop table' })))).toBe('Drop table orders');
  expect(actOf(plan(one({ rows: 1204, sql: 'delete from orders where id = 3' })))).toBe('Delete rows of orders');
  expect(reasonOf(one({ why: 'it writes' }))).toBe('It writes.');
  expect(buttonOf(plan(one({ rows: 1204 })))).toBe('Delete all 1,204 rows');
  expect(actOf(plan(one({}), one({ verb: 'INSERT' })))).toBe('Run 2 statements that write');
});

test('only what kills rows is dangerous', () => {
  expect([kills(plan(one({ verb: 'INSERT' }))), kills(plan(one({ verb: 'TRUNCATE' })))]).toEqual([false, true]);
  expect([keepOf(plan(one({ verb: 'INSERT' }))), keepOf(plan(one({ verb: 'TRUNCATE' }))), keepOf(plan(one({})))]).toEqual(['Not now', 'Keep it', 'Keep them']);
});

test('read-only wins, then what was chosen, then the environment', () => {
  expect(modeOf({ environment: 'development', readOnly: true, writes: 'free' })).toBe('read_only');
  expect(modeOf({ environment: 'production', readOnly: false, writes: 'confirm' })).toBe('confirm');
  expect(['production', 'staging', 'test'].map((environment) => modeOf({ environment: environment as 'test', readOnly: false }))).toEqual(['read_only', 'confirm', 'free']);
});
