/**
 * CodeMirror as this UI uses it. Only `SqlEditor` imports this file, and only when an editor is on screen: it is the
 * largest single part. It lives in a shadow root, where its styles are constructed sheets: the policy needs neither a
 * nonce nor 'unsafe-inline', whatever page mounts it.
 */
import { defaultKeymap, history, historyField, historyKeymap, indentWithTab } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from '@codemirror/view';
import type { EditorKept, EditorMark } from './types';
import { colours, look } from './look';

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
    const known = marks.filter((one) => one.line >= 1 && one.line <= doc.lines);
    const diagnostics = known.map((one) => ({ ...rangeOf(doc.line(one.line), one), severity: one.severity, message: one.message }) satisfies Diagnostic);
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  show(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.#view.focus();
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

  #extensions({ label, hint, readOnly, onchange, onrun, onsave }: EditorOptions): Extension[] {
    const acts = [
      { key: 'Mod-Enter', run: () => (onrun?.(), onrun !== undefined) },
      { key: 'Mod-s', run: () => (onsave?.(), onsave !== undefined), preventDefault: true },
    ];
    return [
      keymap.of([...acts, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(),
      sql({ dialect: PostgreSQL }), syntaxHighlighting(colours), lintGutter(), look, placeholder(hint ?? ''),
      EditorState.tabSize.of(2), this.#writable.of(EditorState.readOnly.of(readOnly)),
      EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': 'Tab indents. Escape and then Tab leaves the editor.', spellcheck: 'false', autocapitalize: 'off' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onchange(update.state.doc.toString());
      }),
    ];
  }
}

/** From the column on, else the whole line without what is blank at its beginning. */
function rangeOf(line: { from: number; to: number; text: string }, mark: EditorMark): { from: number; to: number } {
  const begin = line.from + (mark.column ?? line.text.length - line.text.trimStart().length);
  return { from: Math.min(begin, line.to), to: line.to };
}
