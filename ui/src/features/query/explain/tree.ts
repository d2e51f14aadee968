/** A plan's nodes, which come as a list with parents before children, as the rows that are open. */
import type { ExplainNode } from '$lib/ipc';
import type { TreeRow } from '$lib/ui/tree';

export interface PlanRow extends Omit<TreeRow, 'node'> {
  plan: ExplainNode;
}

export function planRows(nodes: ExplainNode[], closed: ReadonlySet<number>): PlanRow[] {
  const children = new Map<number | null, number[]>();
  for (const node of nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node.id]);
  const row = new Map<number, number>();
  const found: PlanRow[] = [];
  for (const plan of nodes) {
    const above = plan.parent === null ? undefined : row.get(plan.parent);
    if (plan.parent !== null && (above === undefined || closed.has(plan.parent))) continue;
    const beside = children.get(plan.parent) ?? [];
    const branch = children.has(plan.id);
    row.set(plan.id, found.length);
    found.push({ plan, level: plan.level, position: beside.indexOf(plan.id) + 1, setSize: beside.length, branch, open: branch && !closed.has(plan.id), parent: above ?? -1 });
  }
  return found;
}

/** The node that takes most; what is looked at first. */
export const costliest = (nodes: ExplainNode[]): number => nodes.find((node) => node.heat === 'hot')?.id ?? 0;
