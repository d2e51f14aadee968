import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import SqlEditor from './SqlEditor.svelte';

// What the editor draws is looked at in a browser: here is what holds before its code is there.
vi.mock('./editor/codemirror', () => new Promise(() => undefined));

test('until its code is there the text can be read and typed into', async () => {
  const onchange = vi.fn();
  render(SqlEditor, { value: 'select 1', label: 'Up part', onchange });
  const field = screen.getByLabelText<HTMLTextAreaElement>('Up part');
  expect(field.value).toBe('select 1');
  await fireEvent.input(field, { target: { value: 'select 2' } });
  expect(onchange).toHaveBeenCalledWith('select 2');
});

test('what may only be read cannot be typed into', () => {
  render(SqlEditor, { value: 'select 1', label: 'Up file', readOnly: true });
  expect(screen.getByLabelText<HTMLTextAreaElement>('Up file').readOnly).toBe(true);
});
