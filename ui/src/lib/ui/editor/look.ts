/** The editor in the colours and letters of the tokens: custom properties reach into its shadow root. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.bool, tags.null], color: 'var(--ed-syn-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ed-syn-string)' },
  { tag: tags.number, color: 'var(--ed-syn-number)' },
  { tag: tags.comment, color: 'var(--ed-syn-comment)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--ed-syn-key)' },
]);

const mark = (colour: string) => ({ backgroundImage: 'none', textDecoration: `underline wavy var(${colour})`, textDecorationSkipInk: 'none', paddingBottom: '0' });
const dot = (colour: string, radius: string) => ({ content: '""', width: '7px', height: '7px', margin: '5px auto 0', background: `var(${colour})`, borderRadius: radius });

export const look = EditorView.theme({
  '&': { height: '100%', font: 'var(--ed-code-12)', color: 'var(--ed-ink)', background: 'var(--ed-paper)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: 'var(--ed-code-12)', fontFeatureSettings: '"calt" 0', fontVariantLigatures: 'none', letterSpacing: '0' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ed-ink)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ed-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--ed-accent) 28%, transparent)' },
  '.cm-gutters': { background: 'var(--ed-sunken)', color: 'var(--ed-ink-3)', borderRight: '1px solid var(--ed-line)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '28px', padding: '0 6px 0 4px' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--ed-hover) 55%, transparent)' },
  '.cm-activeLineGutter': { background: 'var(--ed-hover)', color: 'var(--ed-ink)' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--ed-selected)', outline: '1px solid var(--ed-line-strong)' },
  '.cm-placeholder': { color: 'var(--ed-ink-3)' },
  '.cm-tooltip': { maxWidth: '480px', background: 'var(--ed-raised)', color: 'var(--ed-ink)', border: '1px solid var(--ed-line-strong)', borderRadius: 'var(--ed-r-5)', boxShadow: 'var(--ed-shadow-2)' },
  '.cm-diagnostic': { font: 'var(--ed-text-12)', padding: '6px 10px', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--ed-failed)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--ed-attention)' },
  '.cm-diagnostic-info': { borderLeft: '3px solid var(--ed-skipped)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0' },
  '.cm-lint-marker': { width: '14px', height: '18px', display: 'block' },
  '.cm-lint-marker-error': dot('--ed-failed', '1px'),
  '.cm-lint-marker-warning': dot('--ed-attention', '50%'),
  '.cm-lint-marker-info': dot('--ed-skipped', '50%'),
  '.cm-lintRange-error': mark('--ed-failed'),
  '.cm-lintRange-warning': mark('--ed-attention'),
  '.cm-lintRange-info': mark('--ed-skipped'),
  '.cm-lintRange-active': { background: 'var(--ed-attention-soft)' },
  '.cm-statement': { boxShadow: 'inset 2px 0 0 var(--ed-edge)' },
  '.cm-hit': { background: 'var(--ed-attention-soft)', outline: '1px solid var(--ed-attention)', borderRadius: '1px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: 'var(--ed-code-12)', maxHeight: '252px', minWidth: '240px', padding: '4px', borderRadius: 'var(--ed-r-5)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', alignItems: 'baseline', gap: '12px', padding: '3px 8px', borderRadius: '4px', lineHeight: '18px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--ed-selected)', color: 'var(--ed-ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--ed-accent-ink)' },
  '.cm-completionDetail': { marginLeft: 'auto', fontStyle: 'normal', font: 'var(--ed-text-11)', color: 'var(--ed-ink-3)', overflow: 'hidden', textOverflow: 'ellipsis', maxWidth: '220px' },
  '.cm-panels': { background: 'var(--ed-chrome)', color: 'var(--ed-ink)' },
});
