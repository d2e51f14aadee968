import { expect, test } from 'vitest';
import { effectiveOutcomes, fromLink, NO_FILTER, sortedBy, tagsOf, toggleOutcome, toLink, toQuery, type RunFilter } from './filter';

const NOW = new Date('2026-11-22T14:00:00Z');
const clean = (link: Record<string, string | undefined>) => JSON.parse(JSON.stringify(link)) as Record<string, string>;

test('a link keeps every part of the filter, names with commas too', () => {
  const filter: RunFilter = {
    view: 'attention', search: 'refund, 50 %', outcomes: ['stuck'], agents: ['Billing, nl', 'Refund'], startedBy: ['o,ne'],
    sort: 'name', ascending: true, cursor: '7|a', newer: true,
  };
  expect(fromLink(clean(toLink(filter)))).toEqual(filter);
  expect(fromLink({})).toEqual(NO_FILTER);
  expect(fromLink({ view: 'no such', outcome: 'nonsense', sort: 'x' })).toEqual(NO_FILTER);
});

test('a view says which outcomes are meant until a person ticks others', () => {
  expect(effectiveOutcomes({ ...NO_FILTER, view: 'failed' })).toEqual(['all_failed', 'failed']);
  const more = toggleOutcome({ ...NO_FILTER, view: 'failed' }, 'stuck');
  expect(more).toMatchObject({ view: 'all', outcomes: ['all_failed', 'failed', 'stuck'] });
  expect(toggleOutcome(more, 'stuck')).toMatchObject({ view: 'failed', outcomes: [] });
});

test('this week stays this week whatever is ticked', () => {
  expect(toggleOutcome({ ...NO_FILTER, view: 'week' }, 'completed')).toMatchObject({ view: 'week', outcomes: ['completed'] });
  expect(toQuery({ ...NO_FILTER, view: 'week' }, NOW).createdSince).toBe('2026-11-15T14:00:00.000Z');
});

test('any change of the filter leads back to the first page', () => {
  const deep: RunFilter = { ...NO_FILTER, search: 'x', cursor: '7|a', newer: true };
  expect(toggleOutcome(deep, 'stuck').cursor).toBeNull();
  expect(tagsOf(deep)[0]?.without).toMatchObject({ search: '', cursor: null });
  expect(sortedBy(deep, { column: 'name', direction: 'descending' })).toMatchObject({ sort: 'name', ascending: true, cursor: null });
});

test('what a view means is not a tag; what a person chose is', () => {
  expect(tagsOf({ ...NO_FILTER, view: 'attention' })).toEqual([]);
  expect(tagsOf({ ...NO_FILTER, outcomes: ['partly_failed'], agents: ['A'] }).map((tag) => tag.label)).toEqual(['Outcome: partly failed', 'Agent: A']);
});
