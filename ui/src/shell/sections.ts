/** The sidebar's order, in groups, each with the letter that follows G. Shown are those that have a screen. */
import type { ScreenDefinition, Section } from '$lib/screens';
import type { IconName } from '$lib/ui';

export interface SectionEntry {
  section: Section;
  title: string;
  icon: IconName;
  letter: string;
}

const entry = (section: Section, title: string, letter: string): SectionEntry => ({ section, title, icon: section, letter });

const GROUPS: SectionEntry[][] = [
  [entry('overview', 'Overview', 'O'), entry('runs', 'Runs', 'R'), entry('query', 'Query', 'Q')],
  [
    entry('schema', 'Schema', 'S'),
    entry('indexes', 'Indexes', 'I'),
    entry('health', 'Health', 'H'),
    entry('maintenance', 'Maintenance', 'M'),
  ],
  [entry('migrations', 'Migrations', 'T'), entry('checklist', 'Checklist', 'L')],
  [
    entry('backups', 'Backups', 'B'),
    entry('archive', 'Archive', 'A'),
    entry('partitions', 'Partitions', 'P'),
    entry('settings', 'Settings', 'E'),
  ],
];

export function sectionGroups(screens: ScreenDefinition[]): SectionEntry[][] {
  const known = new Set(screens.map((screen) => screen.screen));
  return GROUPS.map((group) => group.filter((one) => known.has(one.section))).filter((group) => group.length > 0);
}
