import { expect, test, vi } from 'vitest';
import { flatten, treeKey, treeKeys, type TreeNode } from './tree';

const NODES: TreeNode[] = [
  { id: 'public', label: 'public', children: [{ id: 'runs', label: 'runs', lazy: true }, { id: 'spans', label: 'spans' }] },
  { id: 'archive', label: 'archive' },
];

test('only open branches are rows', () => {
  expect(flatten(NODES, new Set()).map((row) => row.node.id)).toEqual(['public', 'archive']);
  const rows = flatten(NODES, new Set(['public']));
  expect(rows.map((row) => [row.node.id, row.level, row.position, row.setSize])).toEqual([
    ['public', 1, 1, 2],
    ['runs', 2, 1, 2],
    ['spans', 2, 2, 2],
    ['archive', 1, 2, 2],
  ]);
});

test('the arrows open, close, and go to the parent', () => {
  const rows = flatten(NODES, new Set(['public']));
  expect(treeKey('ArrowRight', rows, 0)).toEqual({ to: 1 });
  expect(treeKey('ArrowLeft', rows, 0)).toEqual({ toggle: 0 });
  expect(treeKey('ArrowRight', rows, 1)).toEqual({ toggle: 1 });
  expect(treeKey('ArrowLeft', rows, 2)).toEqual({ to: 0 });
  expect(treeKey('ArrowDown', rows, 3)).toEqual({ to: 3 });
  expect(treeKey('x', rows, 0)).toBeNull();
});

test('a tree handles its own keys alone, and leaves those of the window', () => {
  const rows = flatten(NODES, new Set(['public']));
  const [choose, toggle] = [vi.fn(), vi.fn()];
  const keys = treeKeys({ rows: () => rows, at: () => 0, choose, toggle });
  const press = (key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true, ...more });
    keys(event);
    return event.defaultPrevented;
  };
  expect([press('ArrowDown'), press('Enter'), press(' '), press('ArrowLeft')]).toEqual([true, true, true, true]);
  expect(choose.mock.calls).toEqual([[1]]);
  expect(toggle.mock.calls).toEqual([[0], [0], [0]]);
  expect([press('x'), press('ArrowDown', { ctrlKey: true }), press('Escape')]).toEqual([false, false, false]);
});
