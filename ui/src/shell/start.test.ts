import { expect, test } from 'vitest';
import type { ConnectionProfile } from '$lib/ipc';
import { formatRoute, parseRoute } from './router';
import { homeOf, resolveStart } from './start';

const profile = (id: string, name: string, local = false) => ({ id, name, local }) as ConnectionProfile;
const local = profile('local', 'Local', true);
const staging = profile('0199', 'Staging EU');
const go = (link: string, connections: ConnectionProfile[]) => {
  const route = parseRoute(link);
  return route && formatRoute(resolveStart(route, connections));
};

test('a launcher opens a connection by id or name', () => {
  expect(go('#/open/local', [local])).toBe('#/c/local/runs');
  expect(go('#/open/Staging%20EU', [local, staging])).toBe('#/c/0199/runs');
});

test('the local database that was never made is made', () => {
  expect(go('#/open/local', [])).toBe('#/welcome?open=local');
});

test('an unknown name leads to the connections', () => {
  expect(go('#/open/nowhere', [local])).toBe('#/connections');
});

test('a link may name a connection instead of its id', () => {
  expect(go('#/c/staging%20eu/runs', [staging])).toBe('#/c/0199/runs');
});

test('other links are places already', () => {
  expect(go('#/c/local/runs', [])).toBe('#/c/local/runs');
});

test('without tabs and links it begins with what there is', () => {
  expect(formatRoute(homeOf([]))).toBe('#/welcome');
  expect(formatRoute(homeOf([staging]))).toBe('#/connections');
  expect(formatRoute(homeOf([staging, local]))).toBe('#/c/local/overview');
});
