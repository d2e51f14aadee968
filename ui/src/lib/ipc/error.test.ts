import { expect, test } from 'vitest';
import { AppError } from './error';

const REPORT = {
  code: 'lock_timeout',
  message: 'evaluation_spans could not be locked',
  hint: 'Wait for session 51207.',
  detail: null,
  sqlstate: '55P03',
  position: null,
  object: { schema: 'public', table: 'evaluation_spans', column: null, constraint: null },
  retryable: true,
  causes: ['canceling statement due to lock timeout'],
};

test('a report from the wire is taken whole', () => {
  const error = AppError.from(REPORT);
  expect(error).toMatchObject({ message: REPORT.message, sqlstate: '55P03', object: 'public.evaluation_spans', retryable: true });
  expect(error.is('LockTimeout')).toBe(true);
  expect(AppError.from(error)).toBe(error);
});

test('what is no report becomes one of ours', () => {
  expect(AppError.from('socket gone')).toMatchObject({ code: 'internal', message: 'socket gone' });
  expect(AppError.from(new TypeError('x is undefined')).message).toBe('x is undefined');
});

test('the copied report leaves out what is not known', () => {
  expect(AppError.from(REPORT).report()).toBe(
    [
      'error: evaluation_spans could not be locked',
      'code: lock_timeout',
      'SQLSTATE: 55P03',
      'object: public.evaluation_spans',
      'hint: Wait for session 51207.',
      'caused by: canceling statement due to lock timeout',
    ].join('\n'),
  );
});
