/** `autofocus` acts only while nothing else has the focus: a field that a person asked for takes it in any case. */
import type { Attachment } from 'svelte/attachments';

export const takeFocus: Attachment<HTMLElement> = (node) => node.focus({ preventScroll: true });
