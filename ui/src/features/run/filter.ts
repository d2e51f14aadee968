/**
 * The filter of the runs list: what stands in the link, what is asked of the backend, and what it is called in words.
 * A view is a preset; ticking an outcome that the preset does not hold leaves the view for "All".
 */
import { isOutcome, outcomeLabel } from '$lib/eval/outcome';
import { moment } from '$lib/format';
import type { Outcome, RunQuery, RunSort } from '$lib/ipc';
import type { Sort } from '$lib/ui';

export type ViewId = 'all' | 'attention' | 'failed' | 'stuck' | 'week';

export const VIEWS: { id: ViewId; label: string; outcomes: Outcome[] }[] = [
  { id: 'all', label: 'All', outcomes: [] },
  { id: 'attention', label: 'Attention', outcomes: ['partly_failed', 'all_failed', 'failed'] },
  { id: 'failed', label: 'Failed', outcomes: ['all_failed', 'failed'] },
  { id: 'stuck', label: 'Stuck', outcomes: ['stuck'] },
  { id: 'week', label: 'This week', outcomes: [] },
];

export interface RunFilter {
  view: ViewId;
  search: string;
  /** Ticked by hand; empty: what the view says. */
  outcomes: Outcome[];
  agents: string[];
  startedBy: string[];
  sort: RunSort;
  ascending: boolean;
  cursor: string | null;
  newer: boolean;
}

export const NO_FILTER: RunFilter = {
  view: 'all', search: '', outcomes: [], agents: [], startedBy: [], sort: 'created', ascending: false, cursor: null, newer: false,
};

export const PAGE = 50;
export const WEEK_MS = 7 * 86_400_000;

const presetOf = (view: ViewId): Outcome[] => VIEWS.find((one) => one.id === view)?.outcomes ?? [];

export const effectiveOutcomes = (filter: RunFilter): Outcome[] =>
  filter.outcomes.length > 0 ? filter.outcomes : presetOf(filter.view);

/** Ticks or unticks an outcome, and names the view that this comes to. */
export function toggleOutcome(filter: RunFilter, outcome: Outcome): RunFilter {
  const next = toggled(effectiveOutcomes(filter), outcome);
  const same = (preset: Outcome[]) => preset.length === next.length && preset.every((one) => next.includes(one));
  const view = filter.view === 'week' ? 'week' : (VIEWS.find((one) => one.id !== 'week' && same(one.outcomes))?.id ?? 'all');
  return firstPage({ ...filter, view, outcomes: same(presetOf(view)) ? [] : next });
}

export const toggled = <T>(list: T[], one: T): T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);

export const firstPage = (filter: RunFilter): RunFilter => ({ ...filter, cursor: null, newer: false });

/** Whether anything but the view narrows the list. */
export const narrows = (filter: RunFilter): boolean => tagsOf(filter).length > 0;

export interface FilterTag {
  id: string;
  label: string;
  without: RunFilter;
}

export function tagsOf(filter: RunFilter): FilterTag[] {
  const tag = (id: string, name: string, words: string[], empty: Partial<RunFilter>): FilterTag[] =>
    words.length === 0 ? [] : [{ id, label: `${name}: ${words.join(', ')}`, without: firstPage({ ...filter, ...empty }) }];
  return [
    ...tag('search', 'Name or id', filter.search === '' ? [] : [filter.search], { search: '' }),
    ...tag('outcomes', 'Outcome', filter.outcomes.map(outcomeLabel), { outcomes: [] }),
    ...tag('agents', 'Agent', filter.agents, { agents: [] }),
    ...tag('by', 'Started by', filter.startedBy, { startedBy: [] }),
  ];
}

/** "this week", "since 16 Nov": what the week's view keeps. */
export const weekStart = (now: Date): Date => new Date(now.getTime() - WEEK_MS);
export const weekLabel = (now: Date): string => `since ${moment(weekStart(now), now)}`;

export function toQuery(filter: RunFilter, now: Date): RunQuery {
  return {
    search: filter.search || null,
    outcomes: effectiveOutcomes(filter),
    statuses: [],
    agents: filter.agents,
    initiatedBy: filter.startedBy,
    createdSince: filter.view === 'week' ? weekStart(now).toISOString() : null,
    createdBefore: null,
    sort: filter.sort,
    ascending: filter.ascending,
    cursor: filter.cursor,
    direction: filter.newer ? 'newer' : 'older',
    limit: PAGE,
    stuckMinutes: null,
    withoutTotal: false,
  };
}

// The link: lists are encoded one by one, so that a name may hold a comma.
const pack = (list: string[]): string | undefined => (list.length === 0 ? undefined : list.map(encodeURIComponent).join(','));
const unpack = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean).map(decode);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function toLink(filter: RunFilter): Record<string, string | undefined> {
  return {
    view: filter.view === 'all' ? undefined : filter.view,
    q: filter.search || undefined,
    outcome: pack(filter.outcomes),
    agent: pack(filter.agents),
    by: pack(filter.startedBy),
    sort: filter.sort === 'created' ? undefined : filter.sort,
    order: filter.ascending ? 'ascending' : undefined,
    cursor: filter.cursor ?? undefined,
    newer: filter.cursor && filter.newer ? '1' : undefined,
  };
}

export function fromLink(link: Record<string, string>): RunFilter {
  return {
    view: VIEWS.find((one) => one.id === link.view)?.id ?? 'all',
    search: link.q ?? '',
    outcomes: unpack(link.outcome).filter(isOutcome),
    agents: unpack(link.agent),
    startedBy: unpack(link.by),
    sort: link.sort === 'name' || link.sort === 'id' ? link.sort : 'created',
    ascending: link.order === 'ascending',
    cursor: link.cursor ?? null,
    newer: link.newer === '1',
  };
}

export const toSort = (filter: RunFilter): Sort => ({ column: filter.sort, direction: filter.ascending ? 'ascending' : 'descending' });

export function sortedBy(filter: RunFilter, sort: Sort): RunFilter {
  const column = sort.column === 'name' || sort.column === 'id' ? sort.column : 'created';
  // A name is looked for from A; the newest come first.
  const fresh = column !== filter.sort;
  const ascending = fresh ? column === 'name' : sort.direction === 'ascending';
  return firstPage({ ...filter, sort: column, ascending });
}

/** "newest first", "by name, Z first". */
export function orderLabel({ sort, ascending }: RunFilter): string {
  if (sort === 'name') return ascending ? 'by name' : 'by name, Z first';
  if (sort === 'id') return ascending ? 'lowest id first' : 'highest id first';
  return ascending ? 'oldest first' : 'newest first';
}

/** What the pager's two buttons lead to. */
export function pageLabels({ sort, ascending }: RunFilter): { previous: string; next: string } {
  if (sort !== 'created') return { previous: 'Previous', next: 'Next' };
  return ascending ? { previous: 'Older', next: 'Newer' } : { previous: 'Newer', next: 'Older' };
}

