/** What an editor is told and what it keeps, without its code. */
export interface EditorMark {
  /** From 1. */
  line: number;
  /** From 0; without it the mark begins at the first letter of the line. */
  column?: number;
  severity: 'error' | 'warning' | 'info';
  message: string;
}

/** Text, cursor, undo steps and how far it was scrolled: plain data, to be put into preferences. */
export interface EditorKept {
  state: unknown;
  top: number;
}
