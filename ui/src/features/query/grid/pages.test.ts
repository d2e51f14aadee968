import { expect, test, vi } from 'vitest';
import type { QueryRows } from '../wire';
import { PAGE, Pages } from './pages.svelte';

const cell = (text: string) => ({ text, bytes: text.length, cut: false });
const rowsOf = (first: number, count: number, total: number): QueryRows => ({
  first, total, complete: true, numbers: null, rows: Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, at) => [cell(String(first + at))]),
});
const settle = () => new Promise((done) => setTimeout(done));

test('rows on screen come first, then their neighbours', async () => {
  const read = vi.fn(async (first: number, count: number) => rowsOf(first, count, 10_000));
  const pages = new Pages(read);
  pages.want(PAGE, PAGE + 20, 10_000);
  await settle();
  expect(read.mock.calls.map(([first]) => first / PAGE)).toEqual([1, 2, 0]);
  expect(pages.row(PAGE + 3)?.[0]?.text).toBe(String(PAGE + 3));
});

test('the first rows are read alone, and what is around them once they are painted', async () => {
  const read = vi.fn(async (first: number, count: number) => rowsOf(first, count, 10_000));
  const pages = new Pages(read);
  pages.want(0, 20, 10_000);
  await settle();
  pages.want(0, 20, 10_000);
  expect(read.mock.calls).toEqual([[0, 60]]);
  await vi.waitFor(() => expect(pages.row(PAGE)).toBeDefined());
  expect(read.mock.calls).toEqual([[0, 60], [0, PAGE], [PAGE, PAGE]]);
});

test('while the bar is dragged only the last place is asked for', async () => {
  const gates: (() => void)[] = [];
  const read = vi.fn((first: number, count: number) => new Promise<QueryRows>((done) => gates.push(() => done(rowsOf(first, count, 1_000_000)))));
  const pages = new Pages(read);
  for (let at = 0; at < 50; at += 1) pages.want(at * 10_000, at * 10_000 + 20, 1_000_000);
  expect(read).toHaveBeenCalledTimes(2);
  while (gates.length > 0) {
    gates.shift()?.();
    await settle();
  }
  const asked = read.mock.calls.map(([first]) => first);
  expect(asked.length).toBeLessThanOrEqual(5);
  expect(asked).toContain(490_000);
});

test('a page that was short is read again when there are more rows', async () => {
  let total = 30;
  const read = vi.fn(async (first: number, count: number) => rowsOf(first, count, total));
  const pages = new Pages(read);
  pages.want(0, 20, total);
  await settle();
  expect(pages.row(40)).toBeUndefined();
  total = 60;
  pages.want(0, 20, total);
  await vi.waitFor(() => expect(pages.row(40)?.[0]?.text).toBe('40'));
});

test('what is far away is forgotten', async () => {
  const read = vi.fn(async (first: number, count: number) => rowsOf(first, count, 10_000_000));
  const pages = new Pages(read);
  for (let at = 0; at < 200; at += 1) {
    pages.want(at * 1000, at * 1000 + 20, 10_000_000);
    await settle();
  }
  expect(pages.row(0)).toBeUndefined();
  expect(pages.row(199_000)).toBeDefined();
});

test('a failure is said once and tried again by a person alone', async () => {
  const read = vi.fn(async (first: number, count: number) => rowsOf(first, count, 100));
  read.mockRejectedValueOnce({ code: 'connectionLost', message: 'gone' });
  const pages = new Pages(read);
  pages.want(0, 20, 100);
  await settle();
  expect(pages.error?.message).toBe('gone');
  pages.want(0, 20, 100);
  await settle();
  expect(read).toHaveBeenCalledTimes(1);
  pages.retry();
  await settle();
  expect(pages.row(0)).toBeDefined();
});
