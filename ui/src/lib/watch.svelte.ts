/** Runs something when what it depends on changes, and for nothing else that it happens to read. */
import { untrack } from 'svelte';

export function watch(source: () => unknown, run: () => unknown): void {
  $effect(() => {
    source();
    untrack(run);
  });
}
