/**
 * Keyboard shortcuts: one binder on the window, so that two parts never fight over a key. A shortcut is written as
 * it is shown ("Ctrl K", "G R", "?"); letters typed into a field never fire one without Ctrl.
 */
export interface Shortcut {
  keys: string;
  label: string;
  run: (event: KeyboardEvent) => void;
  /** Also while a field has the focus (Ctrl combinations do by default). */
  inFields?: boolean;
}

const SEQUENCE_MS = 1200;

/** The name of one key press: "Ctrl K", "Ctrl Shift P", "F6", "?". Cmd counts as Ctrl. */
export function keyName(event: KeyboardEvent): string {
  const letter = event.key.length === 1;
  const key = letter ? event.key.toUpperCase() : event.key === 'Escape' ? 'Esc' : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  // Shift is part of the sign for "?", but of the chord for "Shift Enter" and "Ctrl Shift P".
  if (event.shiftKey && (!letter || parts.length > 0)) parts.push('Shift');
  return [...parts, key === ' ' ? 'Space' : key].join(' ');
}

export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}

/** Where a key was really pressed: an editor in a shadow root is a plain box to its outside. */
const sourceOf = (event: KeyboardEvent): EventTarget | null => event.composedPath()[0] ?? event.target;

/** A set of live shortcuts. The last one bound wins, so a dialog may take a key from the screen below it. */
export class Keymap {
  #bound: Shortcut[] = [];
  #first: { key: string; at: number } | null = null;
  /** While a dialog is open only its own keys count. */
  #modal = 0;

  bind(shortcuts: Shortcut[]): () => void {
    this.#bound.push(...shortcuts);
    return () => {
      this.#bound = this.#bound.filter((one) => !shortcuts.includes(one));
    };
  }

  get shortcuts(): readonly Shortcut[] {
    return this.#bound;
  }

  /** Silences every shortcut until the returned function is called. */
  silence(): () => void {
    this.#modal += 1;
    let silent = true;
    return () => {
      if (silent) this.#modal -= 1;
      silent = false;
    };
  }

  /** Returns true when a shortcut took the key. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || this.#modal > 0) return false;
    const name = keyName(event);
    const sequence = this.#sequence(name, event.timeStamp);
    const found = this.#find(sequence, event) ?? this.#find(name, event);
    this.#first = found || isField(sourceOf(event)) ? null : { key: name, at: event.timeStamp };
    if (!found) return false;
    event.preventDefault();
    found.run(event);
    return true;
  }

  #sequence(name: string, at: number): string {
    const fresh = this.#first !== null && at - this.#first.at < SEQUENCE_MS;
    return fresh ? `${this.#first?.key} ${name}` : name;
  }

  #find(name: string, event: KeyboardEvent): Shortcut | undefined {
    const typing = isField(sourceOf(event));
    return this.#bound.findLast(
      (one) => one.keys === name && (!typing || (one.inFields ?? /^(Ctrl|Alt|F\d)/.test(one.keys))),
    );
  }
}
