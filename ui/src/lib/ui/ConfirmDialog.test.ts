import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import ConfirmDialog from './ConfirmDialog.svelte';

const base = { open: true, title: 'Drop the index on raaf_eval_production?', confirmLabel: 'Drop the index', cancelLabel: 'Keep it', danger: true };
const verb = () => screen.getByRole('button', { name: /^Drop the index/ });

test('danger sleeps until the name is typed whole', async () => {
  const onconfirm = vi.fn();
  render(ConfirmDialog, { ...base, typeName: 'raaf_eval_production', onconfirm });
  await fireEvent.click(verb());
  expect(onconfirm).not.toHaveBeenCalled();
  await fireEvent.input(screen.getByLabelText('Type raaf_eval_production to go on'), { target: { value: 'raaf_eval_production' } });
  await fireEvent.click(verb());
  expect(onconfirm).toHaveBeenCalledOnce();
});

test('the way out has the focus, and Esc is one', async () => {
  const onclose = vi.fn();
  render(ConfirmDialog, { ...base, onconfirm: vi.fn(), onclose });
  await tick();
  expect(document.activeElement?.textContent).toContain('Keep it');
  await fireEvent.keyDown(screen.getByRole('alertdialog'), { key: 'Escape' });
  expect(onclose).toHaveBeenCalledOnce();
  expect(screen.queryByRole('alertdialog')).toBeNull();
});

test('the focus goes back to where it came from', async () => {
  const button = document.body.appendChild(document.createElement('button'));
  button.focus();
  render(ConfirmDialog, { ...base, onconfirm: vi.fn() });
  await tick();
  await fireEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(document.activeElement).toBe(button);
});

test('what goes wrong is said in the dialog, which stays', async () => {
  render(ConfirmDialog, { ...base, onconfirm: () => Promise.reject({ code: 'lock_timeout', message: 'It is locked' }) });
  await fireEvent.click(verb());
  expect(await screen.findByText('It is locked.')).toBeTruthy();
});
