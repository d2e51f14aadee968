/** What an editor is told and what it keeps, without its code. */
export interface EditorMark {
  /** From 1. */
  line: number;
  /** From 0; without it the mark begins at the first letter of the line. */
  column?: number;
  /** As offsets into the text (UTF-16, from 0) instead of a line: exactly this much is marked. */
  range?: { from: number; to: number };
  severity: 'error' | 'warning' | 'info';
  message: string;
}

/** Text, cursor, undo steps and how far it was scrolled: plain data, to be put into preferences. */
export interface EditorKept {
  state: unknown;
  top: number;
}

/** Where the cursor is. Offsets are UTF-16 code units from 0, line and column from 1. */
export interface EditorCursor {
  offset: number;
  from: number;
  to: number;
  line: number;
  column: number;
}

export interface EditorCandidate {
  label: string;
  /** table, column, function, keyword...: what it is, in the words of whoever offers it. */
  kind: string;
  detail: string | null;
  /** What is written in its place. */
  insert: string;
}

export interface EditorCompletion {
  from: number;
  to: number;
  candidates: EditorCandidate[];
}

/** Candidates at an offset; null for none. `stale` turns true when nobody waits for the answer any more. */
export type EditorComplete = (text: string, offset: number, stale: () => boolean) => Promise<EditorCompletion | null>;

/** A key in CodeMirror's spelling ("Mod-Shift-Enter") and what it does. */
export interface EditorKey {
  key: string;
  run: () => void;
}

export interface EditorSearch {
  text: string;
  matchCase: boolean;
}
