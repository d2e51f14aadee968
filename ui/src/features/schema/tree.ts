/** The tables as a tree: schema, kind, table; a search keeps what holds the words. */
import { plural, size } from '$lib/format';
import type { TableSummary } from '$lib/ipc';
import type { IconName, TreeNode } from '$lib/ui';

export const tableId = (table: { schema: string; name: string }): string => JSON.stringify([table.schema, table.name]);

export function tableOf(id: string): { schema: string; name: string } | null {
  if (!id.startsWith('[')) return null;
  const [schema, name] = JSON.parse(id) as [string, string];
  return { schema, name };
}

const KINDS: { title: string; kinds: string[]; icon: IconName }[] = [
  { title: 'Tables', kinds: ['table', 'partitioned table'], icon: 'schema' },
  { title: 'Partitions', kinds: ['partition'], icon: 'partitions' },
  { title: 'Views', kinds: ['view', 'materialized view'], icon: 'eye' },
];

export function schemaTree(tables: TableSummary[], search: string): TreeNode[] {
  const words = search.trim().toLowerCase();
  const kept = words === '' ? tables : tables.filter((one) => `${one.schema}.${one.name}`.toLowerCase().includes(words));
  const schemas = [...new Set(kept.map((one) => one.schema))].sort((a, b) => rank(a, kept) - rank(b, kept) || a.localeCompare(b));
  return schemas.map((schema) => schemaNode(schema, kept.filter((one) => one.schema === schema)));
}

/** The schema with the evaluation tables first. */
const rank = (schema: string, tables: TableSummary[]): number => (tables.some((one) => one.schema === schema && one.isEvaluationTable) ? 0 : 1);

function schemaNode(schema: string, tables: TableSummary[]): TreeNode {
  const known = KINDS.flatMap(({ kinds }) => kinds);
  const groups = KINDS.map(({ title, kinds, icon }) => group(schema, title, icon, tables.filter((one) => kinds.includes(one.kind))));
  const others = group(schema, 'Others', 'unknown', tables.filter((one) => !known.includes(one.kind)));
  const children = [...groups, others].filter((node) => (node.children?.length ?? 0) > 0);
  return { id: `schema ${schema}`, label: schema, icon: 'database', strong: true, end: plural(tables.length, 'relation'), children };
}

function group(schema: string, title: string, icon: IconName, tables: TableSummary[]): TreeNode {
  const sorted = [...tables].sort((a, b) => Number(b.isEvaluationTable) - Number(a.isEvaluationTable) || b.totalBytes - a.totalBytes || a.name.localeCompare(b.name));
  return { id: `${title} of ${schema}`, label: title, end: String(tables.length), children: sorted.map((one) => leaf(one, icon)) };
}

const leaf = (table: TableSummary, icon: IconName): TreeNode => ({
  id: tableId(table),
  label: table.name,
  // Tables are what is expected here; a mark is for what is not.
  icon: icon === 'schema' ? undefined : icon,
  title: `${table.schema}.${table.name}, ${table.kind}${table.comment ? `\n${table.comment}` : ''}`,
  end: table.totalBytes > 0 ? size(table.totalBytes) : '',
  strong: table.isEvaluationTable,
});

/** What is open at first: all but the partitions. */
export const openAtFirst = (nodes: TreeNode[]): string[] =>
  nodes.flatMap((node) => [node.id, ...(node.children ?? []).filter((child) => child.label !== 'Partitions').map((child) => child.id)]);
