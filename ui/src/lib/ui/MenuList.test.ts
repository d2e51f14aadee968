import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import MenuList, { type MenuItem } from './MenuList.svelte';

function show() {
  const [copy, drop, onclose, onoutside] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  const items: MenuItem[] = [{ label: 'Copy', hint: 'Ctrl C', run: copy }, 'rule', { label: 'Delete', disabledReason: 'It is read only', run: drop }];
  const place = (node: HTMLElement) => node.querySelector<HTMLElement>('.opt')?.focus();
  render(MenuList, { items, label: 'Cell', place, onclose, onoutside });
  return { copy, drop, onclose, onoutside, menu: screen.getByRole('menu', { name: 'Cell' }) };
}

test('a choice closes the menu and is done; one that is disabled says why and does nothing', async () => {
  const { copy, drop, onclose } = show();
  const deletes = screen.getByRole('menuitem', { name: 'Delete' });
  expect(deletes.title).toBe('It is read only');
  await fireEvent.click(deletes);
  expect([drop, onclose].map((called) => called.mock.calls.length)).toEqual([0, 0]);
  await fireEvent.click(screen.getByRole('menuitem', { name: /Copy/ }));
  expect([copy, onclose].map((called) => called.mock.calls.length)).toEqual([1, 1]);
});

test('arrows walk the choices round, and Esc and Tab leave', async () => {
  const { menu, onclose } = show();
  const words = () => document.activeElement?.textContent;
  expect(words()).toContain('Copy');
  await fireEvent.keyDown(menu, { key: 'ArrowDown' });
  expect(words()).toContain('Delete');
  await fireEvent.keyDown(menu, { key: 'ArrowDown' });
  expect(words()).toContain('Copy');
  await fireEvent.keyDown(menu, { key: 'Escape' });
  await fireEvent.keyDown(menu, { key: 'Tab' });
  expect(onclose).toHaveBeenCalledTimes(2);
});

test('a press elsewhere is told apart: the focus goes where it was pressed', async () => {
  const { onclose, onoutside } = show();
  await fireEvent.pointerDown(document.body);
  expect([onclose, onoutside].map((called) => called.mock.calls.length)).toEqual([0, 1]);
});
