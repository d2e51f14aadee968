/** Attachments shared by the parts: where a layer lives, where the focus stays, what closes it. */
import type { Attachment } from 'svelte/attachments';

/** Moves a layer to the mount root, so that no pane clips it and a host page never sees it. */
export const toRoot: Attachment<HTMLElement> = (node) => {
  const root = node.closest('.ed') ?? document.body;
  root.append(node);
  return () => node.remove();
};

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])';

export function focusable(root: HTMLElement): HTMLElement[] {
  return Array.from(root.querySelectorAll<HTMLElement>(FOCUSABLE)).filter((one) => !one.closest('[hidden]'));
}

/** Takes the focus, keeps Tab inside, and gives the focus back to where it came from. */
export const trapFocus: Attachment<HTMLElement> = (node) => {
  const before = document.activeElement;
  // In a moment: `toRoot` moves the layer after this, and moving takes the focus away.
  queueMicrotask(() => node.isConnected && (node.querySelector<HTMLElement>('[data-autofocus]') ?? node).focus());
  const keep = (event: KeyboardEvent) => {
    if (event.key !== 'Tab') return;
    const inside = focusable(node);
    const [first, last] = [inside[0], inside.at(-1)];
    const edge = event.shiftKey ? first : last;
    if (inside.length > 0 && document.activeElement !== edge && document.activeElement !== node) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
  node.addEventListener('keydown', keep);
  return () => {
    node.removeEventListener('keydown', keep);
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
};

/** Calls back when the person presses outside of the node. */
export function pressOutside(close: () => void): Attachment<HTMLElement> {
  return (node) => {
    const look = (event: PointerEvent) => {
      if (event.target instanceof Node && !node.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', look, true);
    return () => document.removeEventListener('pointerdown', look, true);
  };
}

/** Moves the focus between siblings with arrow keys (tabs, segments, menus). Returns true when it moved. */
export function rove(event: KeyboardEvent, items: HTMLElement[]): boolean {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : step ? (at + step + items.length) % items.length : -1;
  if (next < 0 || items.length === 0) return false;
  event.preventDefault();
  items[next]?.focus();
  return true;
}
