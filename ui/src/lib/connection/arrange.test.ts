import { expect, test } from 'vitest';
import type { ConnectionProfile } from '$lib/ipc';
import { dropped, grouped, stepped } from './arrange';

const one = (id: string, group: string | null = null) => ({ id, name: id, group }) as ConnectionProfile;
const all = [one('a'), one('b', 'Work'), one('c'), one('d', 'Work'), one('e', 'Home')];
const told = (order: ReturnType<typeof stepped>) => order?.map((place) => `${place.group ?? ''}/${place.connection}`).join(' ') ?? null;

test('those without a heading come first, then each heading once', () => {
  expect(grouped(all).map((group) => [group.name, group.connections.map((each) => each.id).join('')])).toEqual([[null, 'ac'], ['Work', 'bd'], ['Home', 'e']]);
});

test('a step moves within the heading, and over its edge into the next', () => {
  expect(told(stepped(all, 'd', -1))).toBe('/a /c Work/d Work/b Home/e');
  expect(told(stepped(all, 'c', 1))).toBe('/a Work/c Work/b Work/d Home/e');
  expect(told(stepped(all, 'e', -1))).toBe('/a /c Work/b Work/d Work/e');
});

test('at the end of the list there is no step', () => {
  expect([stepped(all, 'a', -1), stepped(all, 'e', 1), stepped(all, 'nobody', 1)]).toEqual([null, null, null]);
});

test('what is dropped on another stands before it under its heading', () => {
  expect(told(dropped(all, 'a', 'd'))).toBe('/c Work/b Work/a Work/d Home/e');
  expect(dropped(all, 'a', 'a')).toBeNull();
});
