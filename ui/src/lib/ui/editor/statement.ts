/** A line down the left of the statement that a run would take. */
import { RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

export const setStatement = StateEffect.define<{ from: number; to: number } | null>();

const line = Decoration.line({ class: 'cm-statement' });

export const marksStatement = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const moved = marks.map(transaction.changes);
    const asked = transaction.effects.find((one) => one.is(setStatement));
    if (!asked) return moved;
    const range = asked.value as { from: number; to: number } | null;
    if (!range) return Decoration.none;
    const { doc } = transaction.state;
    const builder = new RangeSetBuilder<Decoration>();
    const [first, last] = [doc.lineAt(range.from).number, doc.lineAt(Math.max(range.from, range.to)).number];
    // A file of one statement over thousands of lines: what can be seen at once is enough.
    for (let at = first; at <= Math.min(last, first + 2000); at += 1) builder.add(doc.line(at).from, doc.line(at).from, line);
    return builder.finish();
  },
  provide: (field) => EditorView.decorations.from(field),
});
