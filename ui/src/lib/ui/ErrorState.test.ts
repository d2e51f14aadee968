import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { AppError } from '../ipc';
import ErrorState from './ErrorState.svelte';

const ERROR = new AppError({
  code: 'lock_timeout',
  message: 'evaluation_spans could not be locked within 2 s',
  hint: 'Session 51207 holds it.',
  detail: 'ALTER TABLE needs ACCESS EXCLUSIVE.',
  sqlstate: '55P03',
  causes: ['canceling statement due to lock timeout'],
});

test('it says what failed, why, and what next', () => {
  render(ErrorState, { error: ERROR });
  expect(screen.getByRole('alert').textContent).toContain('could not be locked within 2 s.');
  expect(screen.getByText('Session 51207 holds it.')).toBeTruthy();
  expect(screen.getByText('ALTER TABLE needs ACCESS EXCLUSIVE.')).toBeTruthy();
  expect(screen.getByText('55P03')).toBeTruthy();
});

test('causes are shown on request', async () => {
  render(ErrorState, { error: ERROR });
  expect(screen.queryByText(/canceling statement/)).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Why exactly' }));
  expect(screen.getByText(/canceling statement/)).toBeTruthy();
});

test('the whole report is copied', async () => {
  const writeText = vi.fn(async (_text: string) => undefined);
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
  render(ErrorState, { error: ERROR });
  await fireEvent.click(screen.getByRole('button', { name: 'Copy report' }));
  expect(writeText.mock.calls[0]?.[0]).toContain('SQLSTATE: 55P03');
  vi.unstubAllGlobals();
});

test('retry only where there is one; not now is no failure', async () => {
  const onretry = vi.fn();
  const { rerender } = render(ErrorState, { error: new AppError({ code: 'precondition', message: 'Migrate first' }), onretry });
  expect(screen.queryByRole('alert')).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onretry).toHaveBeenCalledOnce();
  await rerender({ error: ERROR, onretry: undefined });
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});
