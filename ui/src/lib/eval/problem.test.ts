import { expect, test } from 'vitest';
import { AppError } from '../ipc';
import { grants, isForbidden, isSchemaMissing, sentence } from './problem';

const error = (message: string, sqlstate: string | null = '42501') => new AppError({ code: 'server', message, sqlstate });

test('what was refused is what is granted', () => {
  expect(grants(error('cannot read the runs: permission denied for table evaluation_spans'), 'analyst')).toBe('grant select on evaluation_spans to analyst;');
  expect(grants(error('permission denied for view Odd "view"'), 'ana-lyst')).toBe('grant select on "Odd ""view""" to "ana-lyst";');
  expect(grants(error('permission denied for schema raaf'), 'a')).toBe('grant usage on schema raaf to a;');
  expect(grants(error('must be owner'), 'a').split('\n')).toHaveLength(4);
});

test('troubles are told apart by the five characters', () => {
  expect([isForbidden(error('x')), isForbidden(error('x', '42P01')), isSchemaMissing(error('x', '42P01')), isSchemaMissing(error('x'))]).toEqual([true, false, true, false]);
});

test('a message becomes a sentence', () => expect([sentence('cannot do it'), sentence('Done.')]).toEqual(['Cannot do it.', 'Done.']));
