/** What the palette offers: acts on the shown connection first, then where to go, other connections last. */
import type { PaletteAction } from '$lib/context.svelte';
import type { ConnectionProfile, TableName } from '$lib/ipc';
import type { OpenRoute, ScreenDefinition } from '$lib/screens';
import type { IconName } from '$lib/ui';
import { match, type Match } from './match';
import type { SectionEntry } from './sections';

export interface PaletteEntry {
  id: string;
  label: string;
  icon: IconName;
  hint?: string;
  environment?: string;
  run: () => void;
}

export interface PaletteGroup {
  title: string;
  entries: PaletteEntry[];
}

interface Sources {
  /** The connection it acts on. */
  target: ConnectionProfile | null;
  /** Whether that is the one on screen: the screen's own acts belong to it alone. */
  isShown: boolean;
  connections: ConnectionProfile[];
  sections: SectionEntry[];
  screens: ScreenDefinition[];
  actions: PaletteAction[];
  /** Of the connection it acts on; none while that is not open. */
  tables: TableName[];
  tabs: { title: string; environment: string | null; activate: () => void }[];
  open: (route: OpenRoute) => void;
  own: PaletteEntry[];
}

export function paletteGroups(from: Sources): PaletteGroup[] {
  const { target } = from;
  const acts = from.isShown ? from.actions.filter((one) => one.group === 'do').map(entryOf) : [];
  const goes = from.isShown ? from.actions.filter((one) => one.group === 'go').map(entryOf) : [];
  return [
    { title: target ? `Do on ${target.name}` : 'Do', entries: acts },
    { title: 'Go to', entries: [...goes, ...sectionEntries(from), ...screenEntries(from), ...tabEntries(from), ...from.own, ...tableEntries(from)] },
    { title: 'On another connection', entries: otherEntries(from) },
  ];
}

const entryOf = (action: PaletteAction): PaletteEntry => ({ ...action, icon: action.icon ?? 'play' });

function sectionEntries({ target, sections, open }: Sources): PaletteEntry[] {
  const known = sections.filter((one) => one.section === 'settings' || target !== null);
  return known.map((one) => ({
    id: `go.${one.section}`,
    label: one.title,
    icon: one.icon,
    hint: `G ${one.letter}`,
    run: () => open({ screen: one.section, connection: one.section === 'settings' ? null : (target?.id ?? null) }),
  }));
}

/** What no entry of the sidebar leads to; the shown screen may offer it itself. */
function screenEntries({ target, isShown, screens, actions, open }: Sources): PaletteEntry[] {
  const offered = isShown ? actions.map((one) => one.label) : [];
  return screens
    .filter((one) => one.listed && target !== null && !offered.includes(one.title))
    .map((one) => ({ id: `go.${one.screen}`, label: one.title, icon: one.icon, run: () => open({ screen: one.screen, connection: target?.id ?? null }) }));
}

const tabEntries = ({ tabs }: Sources): PaletteEntry[] =>
  tabs.map((tab, at) => ({
    id: `tab.${at}`,
    label: `Tab: ${tab.title}`,
    icon: 'doc',
    environment: tab.environment ?? undefined,
    run: tab.activate,
  }));

const tableEntries = ({ target, tables, open }: Sources): PaletteEntry[] =>
  tables.map(({ schema, name }) => ({
    id: `table.${schema}.${name}`,
    label: schema === 'public' ? name : `${schema}.${name}`,
    icon: 'schema',
    hint: 'table',
    run: () => open({ screen: 'schema', connection: target?.id ?? null, path: [schema, name] }),
  }));

function otherEntries({ target, connections, sections, open }: Sources): PaletteEntry[] {
  return connections
    .filter((one) => one.id !== target?.id)
    .flatMap((one) => [
      { id: `open.${one.id}`, label: one.name, icon: 'database' as const, environment: one.environment, run: () => open({ screen: 'overview', connection: one.id }) },
      ...sections
        .filter((section) => section.section !== 'settings')
        .map((section) => ({
          id: `open.${one.id}.${section.section}`,
          label: `${section.title} of ${one.name}`,
          icon: section.icon,
          environment: one.environment,
          run: () => open({ screen: section.section, connection: one.id }),
        })),
    ]);
}

export interface Hit {
  entry: PaletteEntry;
  match: Match;
}

/** What matches, best first within its group; without words the start of each group. */
export function search(groups: PaletteGroup[], query: string, most = 8): { title: string; hits: Hit[] }[] {
  const limit = query.trim() === '' ? 12 : most;
  return groups
    .map(({ title, entries }) => ({ title, hits: hitsOf(entries, query).slice(0, limit) }))
    .filter((group) => group.hits.length > 0);
}

function hitsOf(entries: PaletteEntry[], query: string): Hit[] {
  const hits = entries.flatMap((entry) => {
    const found = match(query, entry.label);
    return found ? [{ entry, match: found }] : [];
  });
  return hits.sort((a, b) => b.match.score - a.match.score);
}
