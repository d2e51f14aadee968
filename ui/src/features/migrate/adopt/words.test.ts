import { expect, test } from 'vitest';
import type { AdoptPlan, AdoptVersion } from '../wire';
import { binding, toolsOf, verdictWords } from './words';

const one = (verdict: AdoptVersion['verdict']): AdoptVersion => ({ version: '1', name: 'n', verdict, place: null, recordedBy: [], notes: [] });
const tool = (name: string): AdoptPlan['tools'][number] => ({ tool: name as never, certain: true, versions: [], table: { schema: 'public', name: 't' }, applied: 1, failed: 0, newest: null, evidence: '', problem: null });

test('only what is proven to be there is adopted', () => {
  const versions = [one({ kind: 'binds', by: 'verify' }), one({ kind: 'differs', why: 'w' }), one({ kind: 'unknown', why: 'w' }), one({ kind: 'recorded' })];
  expect(binding({ versions })).toEqual([versions[0]]);
  expect(versions.map((version) => verdictWords(version).kind)).toEqual(['ok', 'attention', 'unknown', 'skipped']);
});

test('tools go by their own names', () => {
  expect(toolsOf({ tools: [tool('golang_migrate'), tool('of_tomorrow')] })).toBe('golang-migrate and of_tomorrow');
});
