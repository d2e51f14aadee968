/**
 * Rows beyond what a browser can scroll. Engines cap a scroll area at 17.9 million pixels (WebKit, Gecko less), and ten
 * million rows are 280 million: above `MOST` the bar stands for the rows by its share, and the wheel moves real pixels.
 */
export const ROW = 28;
/** Well below the cap of every engine, also at twice the pixels. */
export const MOST = 8_000_000;

export interface Extent {
  rows: number;
  /** Height that rows can be seen in. */
  view: number;
}

/** Height of all rows together. */
export const wholeHeight = ({ rows }: Extent): number => rows * ROW;

/** Height of the area that the browser scrolls. */
export const barHeight = (extent: Extent): number => Math.min(wholeHeight(extent), MOST);

/** How many pixels of rows one pixel of the bar is; 1 while the bar is as long as the rows. */
export function ratio(extent: Extent): number {
  const [whole, bar] = [wholeHeight(extent) - extent.view, barHeight(extent) - extent.view];
  return bar <= 0 || whole <= bar ? 1 : whole / bar;
}

/** Where the bar stands for the rows at `top`. */
export const barAt = (top: number, extent: Extent): number => top / ratio(extent);

/** Where the rows stand for the bar at `bar`. */
export const topAt = (bar: number, extent: Extent): number => clampTop(bar * ratio(extent), extent);

export const clampTop = (top: number, extent: Extent): number => Math.max(0, Math.min(top, wholeHeight(extent) - extent.view));

/** Rows of which a part can be seen: first and one past the last. */
export function seen(top: number, extent: Extent): { first: number; end: number } {
  const first = Math.max(0, Math.floor(top / ROW));
  return { first, end: Math.min(extent.rows, Math.ceil((top + extent.view) / ROW)) };
}

/** The nearest place from which a row is seen whole. */
export function showing(row: number, top: number, extent: Extent): number {
  const at = row * ROW;
  if (at < top) return clampTop(at, extent);
  if (at + ROW > top + extent.view) return clampTop(at + ROW - extent.view, extent);
  return top;
}

/** Whole rows that fit: what Page Down moves by. */
export const pageOf = ({ view }: Extent): number => Math.max(1, Math.floor(view / ROW) - 1);
