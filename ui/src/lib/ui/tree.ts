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

/** The row that a key leads to, or an order to open or close; null when the key is not the tree's. */
export function treeKey(key: string, rows: TreeRow[], at: number): { to: number } | { toggle: number } | null {
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
