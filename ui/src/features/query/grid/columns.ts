/** How the columns of a result are laid out: order, width, pinned, hidden. A column is known by its place in the result. */
import type { QueryColumn } from '../wire';

export interface Layout {
  /** Places in the result, as they stand on screen. */
  order: number[];
  widths: Record<number, number>;
  pinned: number[];
  hidden: number[];
}

export interface ShownColumn {
  /** Its place in the result. */
  index: number;
  column: QueryColumn;
  width: number;
  /** From the left edge of all columns, row numbers left out. */
  left: number;
  pinned: boolean;
}

export const [LEAST, MOST] = [48, 1200];
/** Of a first width: a document is looked at beside the rows, so that it need not be wide. */
const FIRST_MOST = 320;
const DOCUMENT_MOST = 200;
/** JetBrains Mono at 12 px, and Inter at 11 px in a head. */
const [LETTER, HEAD_LETTER, PADDING] = [7.25, 6.1, 18];

export const bare = (columns: number): Layout => ({ order: Array.from({ length: columns }, (_, at) => at), widths: {}, pinned: [], hidden: [] });

export const isRight = ({ kind }: QueryColumn): boolean => kind === 'number';

/** Short words for the long names of types, beside the name in the head. */
const SHORT: Record<string, string> = {
  bigint: 'int8', integer: 'int4', smallint: 'int2', 'double precision': 'float8', real: 'float4', boolean: 'bool', 'character varying': 'varchar',
  'timestamp without time zone': 'timestamp', 'timestamp with time zone': 'timestamptz', 'time without time zone': 'time', 'time with time zone': 'timetz', character: 'char',
};
export const shortType = (name: string): string =>
  name.replace(/^(timestamp|time)\((\d+)\) (with|without) time zone/, (_, base: string, digits: string, has: string) => `${base}${has === 'with' ? 'tz' : ''}(${digits})`).replace(/^[a-z ]+?(?=\(|\[|$)/, (base) => SHORT[base] ?? base);

/** A width by the head and the longest of the texts that are known, within bounds. */
export function widthFor(column: QueryColumn, texts: string[], withType = true): number {
  const head = column.name.length * HEAD_LETTER + (withType ? (shortType(column.typeName).length + 1) * 6.3 : 0) + PADDING + 6;
  const cells = Math.max(4, ...texts.map((text) => text.length)) * LETTER + PADDING;
  return Math.round(Math.max(LEAST, Math.min(column.kind === 'json' || column.kind === 'binary' ? DOCUMENT_MOST : FIRST_MOST, Math.max(Math.min(head, 240), cells))));
}

/** What is on screen, pinned columns first. */
export function arrange(columns: QueryColumn[], layout: Layout, auto: number[]): ShownColumn[] {
  const known = layout.order.filter((index) => columns[index] !== undefined && !layout.hidden.includes(index));
  const sorted = [...known.filter((index) => layout.pinned.includes(index)), ...known.filter((index) => !layout.pinned.includes(index))];
  let left = 0;
  return sorted.map((index) => {
    const width = layout.widths[index] ?? auto[index] ?? 120;
    const shown = { index, column: columns[index] as QueryColumn, width, left, pinned: layout.pinned.includes(index) };
    left += width;
    return shown;
  });
}

export const resized = (layout: Layout, index: number, width: number): Layout => ({ ...layout, widths: { ...layout.widths, [index]: Math.round(Math.max(LEAST, Math.min(MOST, width))) } });

export function pinned(layout: Layout, index: number): Layout {
  const has = layout.pinned.includes(index);
  return { ...layout, pinned: has ? layout.pinned.filter((one) => one !== index) : [...layout.pinned, index] };
}

export const hidden = (layout: Layout, index: number): Layout => ({ ...layout, hidden: [...layout.hidden, index] });

/** One step to a side among what is shown, or to before another column. */
export function shifted(layout: Layout, shown: ShownColumn[], index: number, step: -1 | 1): Layout {
  const at = shown.findIndex((one) => one.index === index);
  const other = shown[at + step];
  return other && other.pinned === shown[at]?.pinned ? movedTo(layout, index, other.index, step > 0) : layout;
}

/** Puts a column before (or behind) another one. */
export function movedTo(layout: Layout, index: number, beside: number, behind: boolean): Layout {
  if (index === beside) return layout;
  const order = layout.order.filter((one) => one !== index);
  order.splice(order.indexOf(beside) + (behind ? 1 : 0), 0, index);
  return { ...layout, order };
}

/** Of the columns that scroll, those of which a part can be seen, with some beyond either edge. */
export function inSight(shown: ShownColumn[], scrolled: number, view: number): ShownColumn[] {
  const fixed = shown.reduce((sum, one) => sum + (one.pinned ? one.width : 0), 0);
  return shown.filter((one) => one.pinned || (one.left + one.width > scrolled + fixed - 60 && one.left < scrolled + view + 60));
}
