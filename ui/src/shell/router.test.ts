import { expect, test } from 'vitest';
import { formatRoute, parseRoute, resolveRoute } from './router';

test.each([
  '#/welcome',
  '#/connections/new',
  '#/connections/0199-ab',
  '#/c/local/runs',
  '#/c/local/run/49822',
  '#/c/prod/schema/public.evaluation_spans?tab=indexes',
])('%s goes there and back', (link) => {
  const route = parseRoute(link);
  expect(route && formatRoute(route)).toBe(link);
});

test('hostile names survive the link', () => {
  const route = { connection: 'a/b c', screen: 'schema', path: ['weird "name"/%.tä😀'], query: { filter: 'a&b=c' } };
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

test('what is no route is none', () => {
  expect(parseRoute('')).toBeNull();
  expect(parseRoute('#/')).toBeNull();
  expect(parseRoute('#elsewhere')).toBeNull();
  expect(parseRoute('#/c')).toBeNull();
});

test('a bare percent sign typed by hand is taken as it is', () => {
  expect(parseRoute('#/c/local/run/50%')?.path).toEqual(['50%']);
});

test('an order keeps the connection unless it names another', () => {
  const from = { connection: 'stg', screen: 'runs', path: [], query: { filter: 'failed' } };
  expect(resolveRoute({ screen: 'run', path: ['1'] }, from)).toEqual({ connection: 'stg', screen: 'run', path: ['1'], query: {} });
  expect(resolveRoute({ screen: 'settings', connection: null }, from).connection).toBeNull();
  expect(resolveRoute({ screen: 'runs', query: { a: '1', b: undefined } }, from).query).toEqual({ a: '1' });
});
