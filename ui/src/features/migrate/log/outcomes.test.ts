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

test('a trace is read in lines; one of another shape is left as it is', () => {
  expect(traceLines([{ statement: 2, locks: [{ mode: 'share_update_exclusive', relation: 't' }], elapsedMs: 12 }])).toEqual([{ statement: '2', locks: 'SHARE UPDATE EXCLUSIVE on t', took: 12 }]);
  expect([traceLines('text'), traceLines(null)]).toEqual([null, null]);
});
