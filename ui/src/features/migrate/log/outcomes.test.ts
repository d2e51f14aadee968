import { expect, test } from 'vitest';
import { outcomeWords, traceLines, whoOf } from './outcomes';

test('an entry without an end whose runner is gone is no running one', () => {
  expect(outcomeWords({ outcome: 'running', interrupted: false }).word).toBe('running');
  expect(outcomeWords({ outcome: 'running', interrupted: true })).toMatchObject({ word: 'broken off', kind: 'attention' });
  expect(outcomeWords({ outcome: 'done', interrupted: false }).kind).toBe('ok');
  expect(outcomeWords({ outcome: 'of_tomorrow' as never, interrupted: false })).toMatchObject({ word: 'of_tomorrow', kind: 'unknown' });
});

test('who and from where', () => {
  expect(whoOf({ osUser: 'maria (app)', dbUser: 'deploy', host: 'mbp' })).toBe('maria (app), from mbp');
  expect(whoOf({ osUser: '', dbUser: 'deploy', host: null })).toBe('deploy');
});

test('a trace is read statement by statement; one of another shape is left as it is', () => {
  const trace = [{ statement: 1, relation: 't', mode: 'share_update_exclusive' }, { statement: 1, relation: 'i', mode: 'row_exclusive' }, { statement: 3, relation: 't', mode: 'share' }];
  expect(traceLines(trace)).toEqual([{ statement: 1, locks: ['SHARE UPDATE EXCLUSIVE on t', 'ROW EXCLUSIVE on i'] }, { statement: 3, locks: ['SHARE on t'] }]);
  expect([traceLines('text'), traceLines(null), traceLines([{ locks: [] }])]).toEqual([null, null, null]);
});
