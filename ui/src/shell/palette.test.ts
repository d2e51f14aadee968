import { expect, test, vi } from 'vitest';
import type { ConnectionProfile } from '$lib/ipc';
import { paletteGroups, search } from './palette';

const profile = (id: string) => ({ id, name: id, environment: 'staging' }) as ConnectionProfile;
const sections = [{ section: 'runs' as const, title: 'Runs', icon: 'runs' as const, letter: 'R' }];
const base = { connections: [profile('stg'), profile('prod')], sections, screens: [], tabs: [], tables: [], own: [], open: vi.fn() };
const vacuum = { id: 'v', label: 'Vacuum 4 tables', group: 'do' as const, run: vi.fn() };

test('acts on the shown connection come first, other connections last', () => {
  const groups = paletteGroups({ ...base, target: profile('stg'), isShown: true, actions: [vacuum] });
  expect(groups.map((group) => group.title)).toEqual(['Do on stg', 'Go to', 'On another connection']);
  expect(groups[2]?.entries.every((entry) => entry.environment !== undefined)).toBe(true);
});

test('turned to another connection, the screen’s own acts are gone', () => {
  const groups = paletteGroups({ ...base, target: profile('prod'), isShown: false, actions: [vacuum] });
  expect(groups[0]?.entries).toEqual([]);
});

test('screens that no entry of the sidebar leads to are found from anywhere, once', () => {
  const open = vi.fn();
  const screens = [{ screen: 'drift', title: 'Schema and files', icon: 'compare' as const, section: 'migrations' as const, listed: true as const, component: null as never }];
  const from = { ...base, open, screens, target: profile('stg'), isShown: true };
  search(paletteGroups({ ...from, actions: [] }), 'schema and')[0]?.hits[0]?.entry.run();
  expect(open).toHaveBeenCalledWith({ screen: 'drift', connection: 'stg' });
  const own = { id: 'd', label: 'Schema and files', group: 'go' as const, run: vi.fn() };
  expect(search(paletteGroups({ ...from, actions: [own] }), 'schema and')[0]?.hits).toHaveLength(1);
});

test('groups without a match leave', () => {
  const groups = paletteGroups({ ...base, target: profile('stg'), isShown: true, actions: [vacuum] });
  expect(search(groups, 'vacu').map((group) => group.title)).toEqual(['Do on stg']);
});

test('a table is found by a part of its name, and opens on the connection that is acted on', () => {
  const open = vi.fn();
  const tables = [{ schema: 'public', name: 'evaluation_spans' }, { schema: 'other', name: 'events' }];
  const groups = paletteGroups({ ...base, open, tables, target: profile('stg'), isShown: true, actions: [] });
  search(groups, 'spans')[0]?.hits[0]?.entry.run();
  expect(open).toHaveBeenCalledWith({ screen: 'schema', connection: 'stg', path: ['public', 'evaluation_spans'] });
  expect(search(groups, 'other.ev')[0]?.hits[0]?.entry.label).toBe('other.events');
});
