/** A plan that was asked for in a tab. What came of it is kept with the tab: a look at the messages asks for nothing anew. */
import type { Explaining } from './explain.svelte';

export class Asked {
  /** Made by the pane, which is read when it is first wanted. */
  explaining = $state.raw<Explaining | null>(null);

  constructor(
    /** The text of the tab, and where in it the statement stands (UTF-16, from 0). */
    readonly text: string,
    readonly offset: number,
  ) {}

  get busy(): boolean {
    return this.explaining?.stoppable ?? false;
  }
}
