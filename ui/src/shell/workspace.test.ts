import { beforeEach, expect, test } from 'vitest';
import { FakeTransport } from '$lib/ipc/fake';
import type { ScreenDefinition } from '$lib/screens';
import { Workspace } from './workspace.svelte';

const screen = (name: string, needs?: 'nothing') => ({ screen: name, title: name, icon: 'doc', section: null, needs, component: null }) as unknown as ScreenDefinition;
let named = 0;
const SCREENS: ScreenDefinition[] = [screen('overview'), screen('runs'), screen('run'), screen('welcome', 'nothing'), screen('settings', 'nothing'), { ...screen('query'), fresh: () => [`q${(named += 1)}`] }];

const fresh = (preferences = new FakeTransport().preferences) => new Workspace({ preferences, screens: SCREENS });

beforeEach(() => window.history.replaceState(null, '', '/'));

test('it begins with a welcome, which the first connection takes over', async () => {
  const workspace = fresh();
  await workspace.restore();
  expect(window.location.hash).toBe('#/welcome');
  workspace.open({ screen: 'overview', connection: 'stg' });
  expect(workspace.tabs).toHaveLength(1);
  expect(window.location.hash).toBe('#/c/stg/overview');
});

test('a tab belongs to one connection for life', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'overview', connection: 'stg' });
  workspace.open({ screen: 'runs' });
  workspace.open({ screen: 'runs', connection: 'prod' });
  expect(workspace.tabs.map((tab) => tab.route.connection)).toEqual(['stg', 'prod']);
  workspace.open({ screen: 'run', path: ['7'] });
  expect(workspace.tabs.map((tab) => tab.route.screen)).toEqual(['runs', 'run']);
});

test('a reload finds its tabs, titles and the active one', async () => {
  const { preferences } = new FakeTransport();
  const before = fresh(preferences);
  await before.restore();
  before.open({ screen: 'run', path: ['49822'], connection: 'stg' });
  before.set(before.activeId ?? '', { title: 'Run 49822' });
  before.open({ screen: 'runs', newTab: true });
  const after = fresh(preferences);
  await after.restore();
  expect(after.tabs.map((tab) => after.titleOf(tab))).toEqual(['Run 49822', 'runs']);
  expect(after.active?.route.screen).toBe('runs');
});

test('a link goes to the tab that shows it, else beside the others', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'runs', connection: 'stg' });
  workspace.open({ screen: 'runs', connection: 'prod' });
  workspace.follow({ connection: 'stg', screen: 'runs', path: [], query: {} });
  expect(workspace.active?.route.connection).toBe('stg');
  expect(workspace.tabs).toHaveLength(2);
});

test('unsaved work is never turned into another screen', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'runs', connection: 'stg' });
  workspace.set(workspace.activeId ?? '', { dirty: true });
  workspace.open({ screen: 'overview' });
  expect(workspace.tabs).toHaveLength(2);
});

test('unsaved work on one thing is not turned into another thing either', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'settings', path: ['new'], connection: null });
  workspace.set(workspace.activeId ?? '', { dirty: true });
  workspace.follow({ connection: null, screen: 'settings', path: ['other'], query: {} });
  expect(workspace.tabs.map((tab) => [tab.route.path[0], tab.dirty])).toContainEqual(['new', true]);
});

test('closing the last tab leaves a welcome', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'runs', connection: 'stg' });
  workspace.close(workspace.activeId ?? '');
  expect(workspace.active?.route.screen).toBe('welcome');
});

test('damaged preferences are no fault', async () => {
  const { preferences } = new FakeTransport({}, { tabs: { tabs: 'nonsense', active: 'x' } });
  const workspace = fresh(preferences);
  await workspace.restore();
  expect(workspace.tabs).toHaveLength(1);
});

test('without links the address is left alone', async () => {
  const workspace = new Workspace({ preferences: new FakeTransport().preferences, screens: SCREENS, links: false });
  await workspace.restore();
  expect(window.location.hash).toBe('');
});

test('a saved new connection takes over the tab of its form', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'connections', path: ['new'], connection: null });
  workspace.open({ screen: 'overview', connection: 'stg' });
  expect(workspace.tabs.map((tab) => tab.route.screen)).toEqual(['overview']);
});

test('a tab without a connection remembers the one before it, until that is removed', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'runs', connection: 'stg' });
  workspace.open({ screen: 'settings', connection: null });
  expect(workspace.connection).toBe('stg');
  workspace.closeConnection('stg');
  expect(workspace.connection).toBe(null);
  expect(workspace.tabs.map((tab) => tab.route.screen)).toEqual(['settings']);
});

test('tabs that are things of their own stay, and their link finds one of them', async () => {
  const workspace = fresh();
  await workspace.restore();
  workspace.open({ screen: 'overview', connection: 'stg' });
  workspace.open({ screen: 'query' });
  const first = workspace.active?.route.path[0];
  workspace.open({ screen: 'runs' });
  expect(workspace.tabs.map((tab) => tab.route.screen)).toEqual(['query', 'runs']);
  workspace.open({ screen: 'query' });
  expect(workspace.active?.route.path[0]).toBe(first);
  workspace.open({ screen: 'query', newTab: true });
  expect(workspace.active?.route.path[0]).not.toBe(first);
  workspace.open({ screen: 'query', query: { sql: 'select 1' } });
  expect(workspace.tabs.filter((tab) => tab.route.screen === 'query')).toHaveLength(3);
  workspace.open({ screen: 'query', connection: 'prod' });
  expect(workspace.active?.route).toMatchObject({ connection: 'prod', screen: 'query' });
});

test('who has to let go of something hears that its tab was closed', async () => {
  const workspace = fresh();
  const gone: string[] = [];
  workspace.onclosed = (route) => gone.push(route.screen);
  await workspace.restore();
  workspace.open({ screen: 'query', connection: 'stg', newTab: true });
  workspace.close(workspace.activeId ?? '');
  expect(gone).toEqual(['query']);
});
