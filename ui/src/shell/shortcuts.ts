/** The window's own keys. */
import type { Shortcut } from '$lib/keys';
import type { Section } from '$lib/screens';
import type { SectionEntry } from './sections';

export interface WindowActs {
  palette: () => void;
  help: () => void;
  search: () => void;
  pane: (step: 1 | -1) => void;
  tab: (at: number) => void;
  stepTab: (step: 1 | -1) => void;
  step: (by: -1 | 1) => void;
  newTab: () => void;
  closeTab: () => void;
  section: (section: Section) => void;
  newConnection: () => void;
}

export function windowShortcuts(acts: WindowActs, sections: SectionEntry[]): Shortcut[] {
  return [
    { keys: 'Ctrl K', label: 'Go to or run', run: acts.palette },
    { keys: '?', label: 'These keys', run: acts.help },
    { keys: '/', label: 'Search in this screen', run: acts.search },
    { keys: 'F6', label: 'Next pane', run: () => acts.pane(1) },
    { keys: 'Shift F6', label: '', inFields: true, run: () => acts.pane(-1) },
    { keys: 'Ctrl T', label: 'New tab', run: acts.newTab },
    { keys: 'Ctrl W', label: 'Close the tab', run: acts.closeTab },
    { keys: 'Ctrl Tab', label: '', run: () => acts.stepTab(1) },
    { keys: 'Ctrl Shift Tab', label: '', run: () => acts.stepTab(-1) },
    { keys: 'Alt ArrowLeft', label: 'Back; Alt → forward', run: () => acts.step(-1) },
    { keys: 'Alt ArrowRight', label: '', run: () => acts.step(1) },
    ...Array.from({ length: 9 }, (_, at) => ({
      keys: `Ctrl ${at + 1}`,
      label: at === 0 ? 'First tab; Ctrl 2 to 9 the others' : '',
      run: () => acts.tab(at),
    })),
    ...sections.map((one) => ({ keys: `G ${one.letter}`, label: one.title, run: () => acts.section(one.section) })),
    { keys: 'G C', label: 'Connections', run: acts.newConnection },
  ];
}
