/** F6: the focus goes round between the panes of the window. */
import { focusable } from '$lib/ui/attach';

export function nextPane(root: HTMLElement, step: 1 | -1): void {
  const panes = Array.from(root.querySelectorAll<HTMLElement>('[data-pane]')).filter(
    (pane) => !pane.closest('[hidden]') && ownFocusable(pane) !== null,
  );
  const active = document.activeElement;
  const at = panes.findLastIndex((pane) => pane.contains(active));
  const next = panes[(at + step + panes.length) % panes.length] ?? panes[0];
  if (next) ownFocusable(next)?.focus();
}

/** What is current in the pane, else its first; never something inside of a pane within it. */
function ownFocusable(pane: HTMLElement): HTMLElement | null {
  const own = focusable(pane).filter((one) => one.closest('[data-pane]') === pane);
  const current = own.find((one) => one.matches('[aria-current], [aria-selected="true"], [role="grid"], [role="tree"]'));
  return current ?? own[0] ?? null;
}
