/** Trees as data, flattened to the rows that are open, so that a big one can be virtual. */
import type { IconName } from './icons';

export interface TreeNode {
  id: string;
  label: string;
  icon?: IconName;
  /** At the right end: a size, a number. */
  end?: string;
  title?: string;
  strong?: boolean;
  quiet?: boolean;
  children?: TreeNode[];
  /** Has children that are not read yet: opening it calls `onexpand`. */
  lazy?: boolean;
}

export interface TreeRow {
  node: TreeNode;
  level: number;
  position: number;
  setSize: number;
  open: boolean;
  branch: boolean;
  parent: number;
}

export function flatten(nodes: TreeNode[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (list: TreeNode[], level: number, parent: number): void =>
    list.forEach((node, at) => {
      const branch = node.lazy === true || (node.children?.length ?? 0) > 0;
      const isOpen = branch && open.has(node.id);
      rows.push({ node, level, position: at + 1, setSize: list.length, open: isOpen, branch, parent });
      if (isOpen) walk(node.children ?? [], level + 1, rows.length - 1);
    });
  walk(nodes, 1, -1);
  return rows;
}

/** A row as the keys see it. */
export type TreePlace = Pick<TreeRow, 'open' | 'branch' | 'parent'>;

/** The row that a key leads to, or an order to open or close; null when the key is not the tree's. */
export function treeKey(key: string, rows: readonly TreePlace[], at: number): { to: number } | { toggle: number } | null {
  const row = rows[at];
  if (!row) return null;
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return { to: Math.min(rows.length - 1, at + 1) };
    case 'ArrowUp':
    case 'k':
      return { to: Math.max(0, at - 1) };
    case 'Home':
      return { to: 0 };
    case 'End':
      return { to: rows.length - 1 };
    case 'ArrowRight':
      return row.branch && !row.open ? { toggle: at } : { to: row.open ? Math.min(rows.length - 1, at + 1) : at };
    case 'ArrowLeft':
      return row.open ? { toggle: at } : { to: row.parent < 0 ? at : row.parent };
    default:
      return null;
  }
}

/** What a tree does when a key is pressed: it goes to a row, or opens and closes one. */
export interface TreeKeys {
  rows: () => readonly TreePlace[];
  /** The active row. */
  at: () => number;
  choose: (row: number) => void;
  toggle: (row: number) => void;
}

/** The handler of a tree's keys: those of `treeKey`, and Enter or Space to open and close. */
export const treeKeys = (tree: TreeKeys) => (event: KeyboardEvent): void => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const known = event.key === 'Enter' || event.key === ' ' ? { toggle: tree.at() } : treeKey(event.key, tree.rows(), tree.at());
  if (!known) return;
  if ('to' in known) tree.choose(known.to);
  else tree.toggle(known.toggle);
  event.preventDefault();
  event.stopPropagation();
};
