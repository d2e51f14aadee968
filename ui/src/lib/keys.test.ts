import { expect, test, vi } from 'vitest';
import { Keymap, keyName } from './keys';

const press = (keymap: Keymap, key: string, init: KeyboardEventInit = {}, target: Element = document.body): boolean => {
  let taken = false;
  const listen = (event: Event) => (taken = keymap.handle(event as KeyboardEvent));
  target.addEventListener('keydown', listen, { once: true });
  target.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...init }));
  return taken;
};

test('keys have the names that are shown', () => {
  expect(keyName(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))).toBe('Ctrl K');
  expect(keyName(new KeyboardEvent('keydown', { key: 'k', metaKey: true }))).toBe('Ctrl K');
  expect(keyName(new KeyboardEvent('keydown', { key: '?', shiftKey: true }))).toBe('?');
  expect(keyName(new KeyboardEvent('keydown', { key: 'F6', shiftKey: true }))).toBe('Shift F6');
  expect(keyName(new KeyboardEvent('keydown', { key: 'P', ctrlKey: true, shiftKey: true }))).toBe('Ctrl Shift P');
});

test('G and then a letter is one shortcut', () => {
  const [keymap, runs, reload] = [new Keymap(), vi.fn(), vi.fn()];
  keymap.bind([{ keys: 'G R', label: 'Runs', run: runs }, { keys: 'R', label: 'Read again', run: reload }]);
  press(keymap, 'g');
  expect(press(keymap, 'r')).toBe(true);
  press(keymap, 'r');
  expect([runs.mock.calls.length, reload.mock.calls.length]).toEqual([1, 1]);
});

test('letters typed into a field fire nothing, Ctrl does', () => {
  const [keymap, run] = [new Keymap(), vi.fn()];
  keymap.bind([{ keys: '/', label: 'Search', run }, { keys: 'Ctrl K', label: 'Palette', run }]);
  const field = document.body.appendChild(document.createElement('input'));
  expect(press(keymap, '/', {}, field)).toBe(false);
  expect(press(keymap, 'k', { ctrlKey: true }, field)).toBe(true);
  expect(run).toHaveBeenCalledOnce();
});

test('the last one bound wins, and gives the key back', () => {
  const [keymap, below, above] = [new Keymap(), vi.fn(), vi.fn()];
  keymap.bind([{ keys: 'C', label: 'below', run: below }]);
  const unbind = keymap.bind([{ keys: 'C', label: 'above', run: above }]);
  press(keymap, 'c');
  unbind();
  press(keymap, 'c');
  expect([below.mock.calls.length, above.mock.calls.length]).toEqual([1, 1]);
});

test('a dialog silences the window', () => {
  const [keymap, run] = [new Keymap(), vi.fn()];
  keymap.bind([{ keys: 'C', label: '', run }]);
  const speak = keymap.silence();
  expect(press(keymap, 'c')).toBe(false);
  speak();
  speak();
  expect(press(keymap, 'c')).toBe(true);
});
