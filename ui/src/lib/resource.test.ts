import { expect, test } from 'vitest';
import { Resource } from './resource.svelte';

test('a later read overtakes an earlier one', async () => {
  const resource = new Resource<string>();
  let late: (value: string) => void = () => undefined;
  const first = resource.load(() => new Promise<string>((resolve) => (late = resolve)));
  await resource.load(async () => 'second');
  late('first');
  await first;
  expect(resource.value).toBe('second');
  expect(resource.loading).toBe(false);
});

test('a failed read keeps what was there', async () => {
  const resource = new Resource<string>();
  await resource.load(async () => 'rows');
  await resource.load(async () => Promise.reject({ code: 'timeout', message: 'too slow' }));
  expect(resource.value).toBe('rows');
  expect(resource.error).toMatchObject({ code: 'timeout', message: 'too slow' });
});
