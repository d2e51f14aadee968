/** Completion by whoever knows the database: asked as one types, what is stale is dropped. */
import { autocompletion, type Completion, type CompletionContext, completionKeymap, type CompletionResult } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { EditorCandidate, EditorComplete } from './types';

/** A name that is begun, or the dot behind one: without either nothing is offered until it is asked for (Ctrl Space). */
const BEGUN = /[\p{L}_$][\p{L}\p{N}_$]*$|["'.>]$/u;
/** What can be typed on without another question. */
const GOES_ON = /^[\p{L}\p{N}_$]*$/u;

export const completing = (complete: EditorComplete): Extension => [
  autocompletion({ override: [(context) => ask(context, complete)], icons: false, maxRenderedOptions: 100, activateOnTypingDelay: 60, interactionDelay: 30 }),
  keymap.of(completionKeymap),
];

async function ask(context: CompletionContext, complete: EditorComplete): Promise<CompletionResult | null> {
  if (!context.explicit && !context.matchBefore(BEGUN)) return null;
  const found = await complete(context.state.doc.toString(), context.pos, () => context.aborted).catch(() => null);
  // Where the keyboard has gone elsewhere meanwhile (a click on Run) nothing opens behind it.
  if (!found || context.aborted || found.candidates.length === 0 || context.view?.hasFocus === false) return null;
  const { from, to, candidates } = found;
  // A quote that is begun is replaced, and is in no label: there the backend alone says what fits, at each letter.
  const quoted = /['"]/.test(context.state.sliceDoc(from, from + 1));
  const goesOn = !quoted && candidates.length < 200;
  return { from, to: Math.max(to, context.pos), options: candidates.map(option), validFor: goesOn ? GOES_ON : undefined, filter: !quoted };
}

/** The order is the backend's. */
const option = ({ label, kind, detail, insert }: EditorCandidate, at: number): Completion => ({ label, type: kind, detail: detail ?? undefined, apply: insert, boost: 99 - Math.min(198, at), section: undefined });
