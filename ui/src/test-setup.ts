/** jsdom has no layout: give it the few things that the parts ask for. */
import { afterEach } from 'vitest';
import { cleanup, configure } from '@testing-library/svelte';

// A busy machine is no failure: what is waited for may take its time.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => cleanup());

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoObserver as unknown as typeof ResizeObserver;
Element.prototype.scrollTo ??= () => undefined;
Element.prototype.scrollIntoView ??= () => undefined;
