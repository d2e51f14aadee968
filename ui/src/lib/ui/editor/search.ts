/** Find and replace: what matches is marked where it can be seen, the bar belongs to whoever shows the editor. */
import { type EditorState, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { EditorSearch } from './types';

export const setSearch = StateEffect.define<EditorSearch | null>();

/** Beyond this many nobody counts. */
const COUNTED = 9999;

const query = StateField.define<EditorSearch | null>({
  create: () => null,
  update: (value, transaction) => transaction.effects.reduce<EditorSearch | null>((now, one) => (one.is(setSearch) ? one.value : now), value),
});

interface Match {
  from: number;
  to: number;
}

/** By code units, so that an offset of the folded text is one of the text: letters that change their length do not fold. */
function fold(text: string, matchCase: boolean): string {
  if (matchCase) return text;
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

function matches(text: string, { text: wanted, matchCase }: EditorSearch, from = 0, most = COUNTED): Match[] {
  const [within, part] = [fold(text, matchCase), fold(wanted, matchCase)];
  const found: Match[] = [];
  if (part === '') return found;
  for (let at = within.indexOf(part); at >= 0 && found.length < most; at = within.indexOf(part, at + part.length)) found.push({ from: from + at, to: from + at + part.length });
  return found;
}

const all = (doc: Text, search: EditorSearch | null): Match[] => (search ? matches(doc.toString(), search) : []);
const hit = Decoration.mark({ class: 'cm-hit' });

function marksOf(view: EditorView): DecorationSet {
  const search = view.state.field(query);
  const builder = new RangeSetBuilder<Decoration>();
  if (search) {
    for (const { from, to } of view.visibleRanges) for (const one of matches(view.state.doc.sliceString(from, to), search, from)) builder.add(one.from, one.to, hit);
  }
  return builder.finish();
}

const marks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marksOf(view);
    }
    update(update: ViewUpdate): void {
      const asked = update.transactions.some((one) => one.effects.some((effect) => effect.is(setSearch)));
      if (asked || update.docChanged || update.viewportChanged) this.decorations = marksOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const searching = { extension: [query, marks], count: (state: EditorState): number => all(state.doc, state.field(query)).length };

export function stepMatch(view: EditorView, backwards: boolean): boolean {
  const found = all(view.state.doc, view.state.field(query));
  const { from, to } = view.state.selection.main;
  const next = backwards ? (found.findLast((one) => one.to <= from) ?? found.at(-1)) : (found.find((one) => one.from >= to && (one.from > from || from === to)) ?? found[0]);
  if (!next) return false;
  view.dispatch({ selection: { anchor: next.from, head: next.to }, effects: EditorView.scrollIntoView(next.from, { y: 'center' }) });
  return true;
}

/** Replaces the match that is selected, and goes to the next; else it goes to the next alone. */
export function replaceOne(view: EditorView, text: string): void {
  const { from, to } = view.state.selection.main;
  const on = all(view.state.doc, view.state.field(query)).some((one) => one.from === from && one.to === to);
  if (on) view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } });
  stepMatch(view, false);
}

/** All of them, as one step that can be undone. */
export function replaceAll(view: EditorView, text: string): void {
  view.dispatch({ changes: all(view.state.doc, view.state.field(query)).map(({ from, to }) => ({ from, to, insert: text })) });
}
