/** Rows that exist only while they can be seen: @tanstack/virtual-core as Svelte state. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';
import type { Attachment } from 'svelte/attachments';
import { untrack } from 'svelte';

interface Options {
  count: () => number;
  size: (index: number) => number;
  /** What sticks above the rows and hides that much of them. */
  head?: () => number;
  overscan?: number;
}

/** A pane that has no height yet (hidden, or a test without layout) is taken to be this high. */
const UNMEASURED = 600;

export class VirtualRows {
  items = $state.raw<VirtualItem[]>([]);
  total = $state(0);
  readonly #options: Options;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #element: HTMLElement | null = null;

  /** Call while a component is being set up: it follows `count` by an effect. */
  constructor(options: Options) {
    this.#options = options;
    this.#virtualizer = new Virtualizer(this.#configuration());
    $effect(() => {
      options.count();
      for (let at = 0; at < Math.min(options.count(), 1); at += 1) options.size(at);
      untrack(() => this.refresh());
    });
  }

  /** Put on the element that scrolls. */
  readonly scroller: Attachment<HTMLElement> = (node) => {
    this.#element = node;
    const stop = this.#virtualizer._didMount();
    untrack(() => this.refresh());
    return () => {
      stop();
      this.#element = null;
    };
  };

  /** Measures again: the rows, their number or their heights changed. */
  refresh(): void {
    this.#virtualizer.setOptions(this.#configuration());
    this.#virtualizer.measure();
    this.#virtualizer._willUpdate();
    this.#publish();
  }

  show(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  toTop(): void {
    this.#element?.scrollTo?.({ top: 0 });
  }

  /** How many rows fit: what Page Down moves by. */
  get page(): number {
    const height = (this.#element?.clientHeight || UNMEASURED) - (this.#options.head?.() ?? 0);
    return Math.max(1, Math.floor(height / Math.max(1, this.#options.size(0))) - 1);
  }

  #publish(): void {
    this.items = this.#virtualizer.getVirtualItems();
    this.total = this.#virtualizer.getTotalSize();
  }

  #configuration() {
    return {
      count: this.#options.count(),
      getScrollElement: () => this.#element,
      estimateSize: this.#options.size,
      overscan: this.#options.overscan ?? 4,
      // The head lies above the rows and sticks: it takes its height from the lower end of what can be seen.
      scrollPaddingEnd: this.#options.head?.() ?? 0,
      initialRect: { width: 800, height: UNMEASURED },
      observeElementRect: (instance: Virtualizer<HTMLElement, HTMLElement>, report: (rect: { width: number; height: number }) => void) =>
        observeElementRect(instance, (rect) => report(rect.height > 0 ? rect : { width: 800, height: UNMEASURED })),
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#publish(),
    };
  }
}
