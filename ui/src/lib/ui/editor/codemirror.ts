/**
 * CodeMirror as this UI uses it. Only `SqlEditor` imports this file, and only when an editor is on screen: it is the
 * largest single part. It lives in a shadow root, where its styles are constructed sheets: the policy needs neither a
 * nonce nor 'unsafe-inline', whatever page mounts it.
 */
import { closeCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyField, historyKeymap, indentWithTab } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { completing } from './complete';
import { colours, look } from './look';
import { replaceAll, replaceOne, searching, stepMatch, setSearch } from './search';
import { marksStatement, setStatement } from './statement';
import type { EditorComplete, EditorCursor, EditorKept, EditorKey, EditorMark, EditorSearch } from './types';

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  hint?: string;
  readOnly: boolean;
  kept: EditorKept | null;
  onchange: (text: string) => void;
  /** Ctrl Enter. */
  onrun?: () => void;
  /** Ctrl S. */
  onsave?: () => void;
  /** Other keys; they come before the editor's own. */
  keys?: EditorKey[];
  complete?: EditorComplete;
  oncursor?: (cursor: EditorCursor) => void;
}

export class Editor {
  readonly #view: EditorView;
  readonly #writable = new Compartment();

  constructor(options: EditorOptions) {
    const root = options.parent.shadowRoot ?? options.parent.attachShadow({ mode: 'open', delegatesFocus: true });
    this.#view = new EditorView({ state: this.#begin(options), parent: root, root });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Replaces the text as one step that can be undone; what is the same already stays, the cursor with it. */
  replace(text: string): void {
    if (text === this.text) return;
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  setReadOnly(readOnly: boolean): void {
    this.#view.dispatch({ effects: this.#writable.reconfigure(EditorState.readOnly.of(readOnly)) });
  }

  /** Marks lines; a mark of a line that has left meanwhile is left out. */
  mark(marks: EditorMark[]): void {
    const { doc } = this.#view.state;
    const known = marks.filter((one) => (one.range ? one.range.from <= doc.length : one.line >= 1 && one.line <= doc.lines));
    const diagnostics = known.map((one) => ({ ...(one.range ? within(one.range, doc.length) : rangeOf(doc.line(one.line), one)), severity: one.severity, message: one.message }) satisfies Diagnostic);
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  show(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.#view.focus();
  }

  /** Goes to an offset, selects up to another, and takes the focus. */
  select(from: number, to = from): void {
    const { length } = this.#view.state.doc;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) });
    this.#view.focus();
  }

  get cursor(): EditorCursor {
    return cursorOf(this.#view.state);
  }

  /** Marks the statement that a run would take; null for none. */
  statement(range: { from: number; to: number } | null): void {
    this.#view.dispatch({ effects: setStatement.of(range && within(range, this.#view.state.doc.length)) });
  }

  /** Writes in the place of the selection. */
  insert(text: string): void {
    this.#view.dispatch(this.#view.state.replaceSelection(text), { scrollIntoView: true });
    this.#view.focus();
  }

  /** Marks what matches and returns how many there are (the first thousands are counted); null ends the search. */
  search(query: EditorSearch | null): number {
    this.#view.dispatch({ effects: setSearch.of(query) });
    return query ? searching.count(this.#view.state) : 0;
  }

  /** The next match, or the one before; false when there is none. */
  step(backwards = false): boolean {
    return stepMatch(this.#view, backwards);
  }

  replaceMatch(text: string, all = false): void {
    if (all) replaceAll(this.#view, text);
    else replaceOne(this.#view, text);
  }

  focus(): void {
    this.#view.focus();
  }

  /** Text, cursor and the steps that can be undone. */
  keep(): EditorKept {
    return { state: this.#view.state.toJSON({ history: historyField }) as unknown, top: this.#view.scrollDOM.scrollTop };
  }

  close(): void {
    this.#view.destroy();
  }

  #begin(options: EditorOptions): EditorState {
    const extensions = this.#extensions(options);
    try {
      if (options.kept) return EditorState.fromJSON(options.kept.state, { extensions }, { history: historyField });
    } catch {
      // Kept by another version of the editor: the text alone is what matters.
    }
    return EditorState.create({ doc: options.text, extensions });
  }

  #extensions({ label, hint, readOnly, onchange, onrun, onsave, keys = [], complete, oncursor }: EditorOptions): Extension[] {
    // Whatever is done with the text, what was proposed for it is over, also what is still on its way.
    const acting = (act: () => void) => (view: EditorView) => (closeCompletion(view), act(), true);
    const acts = [
      ...keys.map(({ key, run }) => ({ key, run: acting(run), preventDefault: true })),
      { key: 'Mod-Enter', run: (view: EditorView) => (onrun ? acting(onrun)(view) : false) },
      { key: 'Mod-s', run: () => (onsave?.(), onsave !== undefined), preventDefault: true },
    ];
    return [
      complete ? completing(complete) : [],
      keymap.of([...acts, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(),
      sql({ dialect: PostgreSQL }), syntaxHighlighting(colours), lintGutter(), look, placeholder(hint ?? ''),
      marksStatement, searching.extension,
      EditorState.tabSize.of(2), this.#writable.of(EditorState.readOnly.of(readOnly)),
      EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': 'Tab indents. Escape and then Tab leaves the editor.', spellcheck: 'false', autocapitalize: 'off' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onchange(update.state.doc.toString());
        if (update.docChanged || update.selectionSet) oncursor?.(cursorOf(update.state));
      }),
    ];
  }
}

/** From the column on, else the whole line without what is blank at its beginning. */
function rangeOf(line: { from: number; to: number; text: string }, mark: EditorMark): { from: number; to: number } {
  const begin = line.from + (mark.column ?? line.text.length - line.text.trimStart().length);
  return { from: Math.min(begin, line.to), to: line.to };
}

/** At least one letter, so that it can be seen. */
const within = ({ from, to }: { from: number; to: number }, length: number) => ({ from: Math.min(from, Math.max(0, length - 1)), to: Math.min(Math.max(to, from + 1), length) });

function cursorOf({ doc, selection }: EditorState): EditorCursor {
  const { head, from, to } = selection.main;
  const line = doc.lineAt(head);
  return { offset: head, from, to, line: line.number, column: head - line.from + 1 };
}
