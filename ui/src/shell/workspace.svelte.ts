/**
 * The window's tabs. A tab belongs to one connection for life: what leads to another connection opens another tab.
 * The address follows the active tab, so that every screen is a link and a reload finds its tabs again.
 */
import type { Preferences } from '$lib/ipc';
import type { Leaving, OpenRoute, Route, ScreenDefinition } from '$lib/screens';
import { formatRoute, parseRoute, resolveRoute, sameRoute } from './router';

export interface WindowTab {
  id: string;
  route: Route;
  /** What the screen calls itself; its definition's title until then. */
  title: string | null;
  dirty: boolean;
  /** Of a tab without connection that is about one (its settings). */
  environment: string | null;
  /** What is asked before it is closed; `'nothing'`: closing loses nothing. */
  leaving: Leaving | 'nothing' | null;
  status: { start?: string | null; end?: string | null } | null;
}

interface KeptTabs {
  tabs: { link: string; title: string | null }[];
  active: number;
}

const KEY = 'tabs';
export const WELCOME: Route = { connection: null, screen: 'welcome', path: [], query: {} };

export class Workspace {
  /** A tab is gone; its screen may have something to let go of. */
  onclosed: (route: Route) => void = () => undefined;
  tabs = $state<WindowTab[]>([]);
  activeId = $state<string | null>(null);
  readonly #preferences: Preferences;
  readonly #links: boolean;
  readonly #screens: ScreenDefinition[];
  /** Turns a link that names a wish (`#/open/local`) into a place. */
  readonly #resolve: (route: Route) => Route;
  #next = 1;
  #lastConnection = $state<string | null>(null);

  constructor(options: { preferences: Preferences; screens: ScreenDefinition[]; links?: boolean; resolve?: (route: Route) => Route }) {
    this.#preferences = options.preferences;
    this.#screens = options.screens;
    this.#links = options.links ?? true;
    this.#resolve = options.resolve ?? ((route) => route);
  }

  get active(): WindowTab | null {
    return this.tabs.find((tab) => tab.id === this.activeId) ?? null;
  }

  /** Of the tab that is shown, else of the one before it: where a section leads from a tab that belongs to no connection. */
  get connection(): string | null {
    return this.active?.route.connection ?? this.#lastConnection ?? this.tabs.findLast((tab) => tab.route.connection !== null)?.route.connection ?? null;
  }

  screenOf(route: Route): ScreenDefinition | undefined {
    return this.#screens.find((screen) => screen.screen === route.screen);
  }

  titleOf(tab: WindowTab): string {
    return tab.title ?? this.screenOf(tab.route)?.title ?? tab.route.screen;
  }

  /** Finds the tabs of last time, then goes where the address says; with neither, to `home`. */
  async restore(home: Route = WELCOME): Promise<void> {
    const kept = readKept(await this.#preferences.get(KEY).catch(() => undefined));
    for (const one of kept.tabs) {
      const route = parseRoute(one.link);
      if (route) this.#add(route, one.title);
    }
    this.activeId = (this.tabs[kept.active] ?? this.tabs[0])?.id ?? null;
    const asked = this.#links ? parseRoute(window.location.hash) : null;
    if (asked) this.follow(this.#resolve(asked));
    else if (this.tabs.length === 0) this.follow(home);
    this.#settle(true);
  }

  /** Keeps up with the address: back, forward, a link typed by hand. */
  listen(): () => void {
    if (!this.#links) return () => undefined;
    const onMove = () => {
      const route = parseRoute(window.location.hash);
      if (route && !(this.active && sameRoute(this.active.route, route))) this.follow(this.#resolve(route));
    };
    window.addEventListener('popstate', onMove);
    window.addEventListener('hashchange', onMove);
    return () => {
      window.removeEventListener('popstate', onMove);
      window.removeEventListener('hashchange', onMove);
    };
  }

  /** Where the window was before, or after that; it goes the way of the address. */
  step(by: -1 | 1): void {
    if (this.#links) window.history.go(by);
  }

  /** An order from a screen, the sidebar or the palette. */
  open(order: OpenRoute, from: WindowTab | null = this.active): void {
    const route = this.#named(resolveRoute(order, from?.route ?? null), order.newTab);
    const own = this.screenOf(route)?.fresh ? this.tabs.find((tab) => sameThing(tab.route, route)) : undefined;
    if (own) this.#turn(own, route);
    else if (order.newTab) this.activeId = this.#add(route).id;
    else if (from && this.#mayTurn(from, route)) this.#turn(from, route);
    else this.#showOrAdd(route);
    this.#settle(order.replace ?? false);
  }

  /** Goes to a route: the tab that shows it, else the active tab if it may, else a new one. */
  follow(asked: Route): void {
    const route = this.#named(asked);
    const there = this.tabs.find((tab) => sameRoute(tab.route, route));
    if (there) this.activeId = there.id;
    else if (this.active && this.#mayTurn(this.active, route)) this.#turn(this.active, route);
    else this.activeId = this.#add(route).id;
    this.#settle(true);
  }

  activate(id: string): void {
    if (this.activeId === id) return;
    this.activeId = id;
    this.#settle(false);
  }

  close(id: string): void {
    const at = this.tabs.findIndex((tab) => tab.id === id);
    if (at < 0) return;
    const [gone] = this.tabs.splice(at, 1);
    if (gone) this.onclosed(gone.route);
    if (this.tabs.length === 0) this.#add(WELCOME);
    if (this.activeId === id) this.activeId = this.tabs[Math.min(at, this.tabs.length - 1)]?.id ?? null;
    this.#settle(true);
  }

  /** A connection was removed: its tabs go with it. */
  closeConnection(connection: string): void {
    if (this.#lastConnection === connection) this.#lastConnection = null;
    for (const tab of this.tabs.filter((one) => one.route.connection === connection)) this.close(tab.id);
  }

  set(id: string, change: Partial<Pick<WindowTab, 'title' | 'dirty' | 'environment' | 'leaving' | 'status'>>): void {
    const tab = this.tabs.find((one) => one.id === id);
    if (!tab) return;
    Object.assign(tab, change);
    if (change.title !== undefined) this.#keep();
  }

  /** A tab without a connection may become a connection's first; after that it never changes its own. */
  #mayTurn(tab: WindowTab, route: Route): boolean {
    if ((tab.dirty || this.screenOf(tab.route)?.fresh) && !sameSubject(tab.route, route)) return false;
    if (tab.route.connection !== null) return tab.route.connection === route.connection;
    return tab.route.screen === 'welcome' || tab.route.screen === route.screen || isNewConnection(tab.route);
  }

  /** A link to things that have tabs of their own, without saying which: one that is there, else a new one. */
  #named(route: Route, another = false): Route {
    const fresh = this.screenOf(route)?.fresh;
    if (!fresh || route.path.length > 0) return route;
    const there = this.tabs.findLast((tab) => tab.route.screen === route.screen && tab.route.connection === route.connection);
    const wanted = another || Object.keys(route.query).length > 0;
    return there && !wanted ? there.route : { ...route, path: fresh() };
  }

  #turn(tab: WindowTab, route: Route): void {
    if (!sameSubject(tab.route, route)) {
      tab.title = null;
      tab.environment = null;
      tab.leaving = null;
      tab.status = null;
    }
    tab.route = route;
    this.activeId = tab.id;
  }

  #showOrAdd(route: Route): void {
    const exact = this.tabs.find((tab) => sameRoute(tab.route, route));
    const near = this.tabs.find((tab) => tab.route.connection === route.connection && this.#mayTurn(tab, route));
    if (!exact && near) return this.#turn(near, route);
    this.activeId = (exact ?? this.#add(route)).id;
  }

  #add(route: Route, title: string | null = null): WindowTab {
    const tab: WindowTab = { id: `t${this.#next++}`, route, title, dirty: false, environment: null, leaving: null, status: null };
    this.tabs.push(tab);
    return tab;
  }

  #settle(replace: boolean): void {
    this.#lastConnection = this.active?.route.connection ?? this.#lastConnection;
    this.#keep();
    const link = this.active ? formatRoute(this.active.route) : '#/';
    if (!this.#links || window.location.hash === link) return;
    window.history[replace ? 'replaceState' : 'pushState'](null, '', link);
  }

  #keep(): void {
    const kept: KeptTabs = {
      tabs: this.tabs.map((tab) => ({ link: formatRoute(tab.route), title: tab.title })),
      active: this.tabs.findIndex((tab) => tab.id === this.activeId),
    };
    void this.#preferences.set(KEY, kept).catch(() => undefined);
  }
}

/** The same screen of the same thing, whatever is filtered or selected in it. */
const sameSubject = (a: Route, b: Route): boolean => a.screen === b.screen && a.path[0] === b.path[0];

const sameThing = (a: Route, b: Route): boolean => sameSubject(a, b) && a.connection === b.connection;

/** Saved and opened, its form has done what it was for. */
const isNewConnection = (route: Route): boolean => route.screen === 'connections' && route.path[0] === 'new';

/** What was kept may be of another version or damaged: take what makes sense. */
function readKept(value: unknown): KeptTabs {
  const kept = value as Partial<KeptTabs> | null | undefined;
  const tabs = Array.isArray(kept?.tabs) ? kept.tabs.filter((tab) => typeof tab?.link === 'string') : [];
  return { tabs, active: typeof kept?.active === 'number' ? kept.active : 0 };
}
