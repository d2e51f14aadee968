import { expect, test } from 'vitest';
import type { Client } from '$lib/ipc';
import type { QueryState } from '../wire';
import { Run } from './run.svelte';

const state = (phase: QueryState['phase']): QueryState => ({ tab: 'q', connection: 'c', run: 1, phase }) as QueryState;

test('a state that was asked for never takes the place of one that was told after it', async () => {
  let tell: (state: QueryState) => void = () => undefined;
  let answer: (state: QueryState) => void = () => undefined;
  const client = {
    stream: (_: string, __: unknown, onstate: (state: QueryState) => void) => {
      tell = onstate;
      return Promise.resolve(() => undefined);
    },
    call: (name: string) =>
      name === 'query_state' ? new Promise<QueryState>((resolve) => (answer = resolve)) : Promise.resolve({ kind: 'started', run: 1 }),
  } as unknown as Client;
  const run = new Run(client, 'q', 'c');
  run.watch();
  const started = run.start('select 1', { kind: 'all' });
  await new Promise((resolve) => setTimeout(resolve));
  tell(state('idle'));
  answer(state('running'));
  await started;
  expect(run.state?.phase).toBe('idle');
  expect(run.busy).toBe(false);
});
