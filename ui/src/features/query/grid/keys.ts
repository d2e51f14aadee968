/** Keys of the grid beside those that move. */
export type Act =
  | 'open' | 'edit' | 'copy' | 'find' | 'findNext' | 'findPrevious' | 'jump' | 'menu' | 'headMenu' | 'wider' | 'narrower' | 'moveLeft' | 'moveRight' | 'null' | 'deleteRow' | 'insertRow' | 'escape';

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

export function actOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Press): Act | null {
  const ctrl = ctrlKey || metaKey;
  const chord = `${ctrl ? 'c' : ''}${altKey ? 'a' : ''}${shiftKey ? 's' : ''} ${key.length === 1 ? key.toLowerCase() : key}`;
  const acts: Record<string, Act> = {
    ' Enter': 'open', ' F2': 'edit', 'c c': 'copy', 'c f': 'find', ' F3': 'findNext', 's F3': 'findPrevious', 'c g': 'jump',
    ' ContextMenu': 'menu', 's F10': 'menu', 'a ArrowDown': 'menu', 'a ArrowUp': 'headMenu', 'as ArrowRight': 'wider', 'as ArrowLeft': 'narrower', 'ca ArrowLeft': 'moveLeft', 'ca ArrowRight': 'moveRight',
    'c Backspace': 'null', 'c Delete': 'deleteRow', 'c Insert': 'insertRow', ' Escape': 'escape',
  };
  return acts[chord] ?? null;
}
