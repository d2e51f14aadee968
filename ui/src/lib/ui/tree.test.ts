import { expect, test } from 'vitest';
import { flatten, treeKey, type TreeNode } from './tree';

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
