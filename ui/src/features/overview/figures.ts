/** The strip of key figures: what it holds and how the server is. */
import { count, DASH, moment, percent, plural, size } from '$lib/format';
import type { Count, Overview } from '$lib/ipc';
import type { KeyFigure } from '$lib/ui';

/** A TOAST table that holds nothing still takes its first pages. */
export const EMPTY_TOAST = 16_384;

export function keyFigures(overview: Overview): KeyFigure[] {
  const { counts } = overview;
  const toast = overview.tables.find((table) => table.name === 'evaluation_spans')?.toastBytes ?? 0;
  return [
    { label: 'Runs', ...counted(counts.runs), note: thisWeek(counts.runsThisWeek) },
    { label: 'Results', ...counted(counts.results), note: completed(counts.resultsCompletedPercent) },
    { label: 'Spans', ...counted(counts.spans), note: toast > EMPTY_TOAST ? `${size(toast)} in TOAST` : undefined },
    database(overview),
    connections(overview),
    cacheHits(overview),
  ];
}

function counted({ rows, exact }: Count): Pick<KeyFigure, 'value' | 'title'> {
  const how = exact ? 'Counted' : "The planner's estimate";
  return { value: count(rows), title: rows === null ? 'Not known: counting took too long' : how };
}

const thisWeek = ({ rows }: Count): string | undefined =>
  rows === null ? undefined : rows === 0 ? 'none this week' : `+${count(rows)} this week`;

const completed = (share: number | null): string | undefined =>
  share === null ? undefined : `${percent(share / 100, 1)} completed`;

function database({ sizeBytes, otherTables }: Overview): KeyFigure {
  const note = otherTables.count > 0 ? `${plural(otherTables.count, 'other table')}` : undefined;
  return {
    label: 'Database',
    value: sizeBytes === null ? DASH : size(sizeBytes),
    title: sizeBytes === null ? 'This role may not ask for its size' : undefined,
    note,
  };
}

function connections({ activity }: Overview): KeyFigure {
  const idle = activity.idleInTransaction;
  return {
    label: 'Connections',
    value: count(activity.connections),
    unit: `of ${count(activity.maxConnections)}`,
    note: idle === null ? 'states hidden from this role' : idle > 0 ? `${count(idle)} idle in transaction` : 'none idle in transaction',
    noteKind: idle ? 'attention' : undefined,
  };
}

function cacheHits({ activity }: Overview): KeyFigure {
  const since = activity.statisticsSince ?? activity.serverStartedAt;
  return {
    label: 'Cache hits',
    value: activity.cacheHitRatio === null ? DASH : percent(activity.cacheHitRatio, 1),
    note: since ? `since ${moment(since)}` : undefined,
    title: 'Share of block reads that the buffer cache served',
  };
}
