/** The sizes of all indexes as figures, as a drawing in the current theme, and one of them in detail. */
import type { Chart, Client, IndexInfo, IndexSize, Theme } from '$lib/ipc';
import { Resource } from '$lib/resource.svelte';

export const indexKey = (index: Pick<IndexSize, 'schema' | 'index'>): string => `${index.schema}.${index.index}`;

export class IndexesState {
  readonly sizes = new Resource<IndexSize[]>();
  readonly chart = new Resource<Chart>();
  readonly detail = new Resource<IndexInfo | null>();
  readonly #client: Client;
  readonly #connection: string;

  constructor(client: Client, connection: string) {
    this.#client = client;
    this.#connection = connection;
  }

  read(): Promise<void> {
    return this.sizes.load(() => this.#client.call('index_sizes', { connection: this.#connection }));
  }

  draw(theme: Theme, width: number, height: number): Promise<void> {
    return this.chart.load(() => this.#client.call('chart_index_sizes', { connection: this.#connection, theme, width, height }));
  }

  /** The statement that made it stands with its table. */
  readDetail(index: IndexSize): Promise<void> {
    if (this.detail.value?.name !== index.index) this.detail.clear();
    return this.detail.load(async () => {
      const table = { schema: index.schema, name: index.table };
      const { indexes } = await this.#client.call('table_show', { connection: this.#connection, table });
      return indexes.find((one) => one.name === index.index) ?? null;
    });
  }

  get totalBytes(): number {
    return (this.sizes.value ?? []).reduce((sum, one) => sum + one.bytes, 0);
  }
}

export const neverScanned = (index: IndexSize): boolean => index.scans === 0;

/** The `svg` of a chart as an element: parsed as XML, so that nothing of it runs and no markup is trusted. */
export function adoptSvg(text: string): SVGElement | null {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
  const root = parsed.documentElement;
  if (root.nodeName !== 'svg' || parsed.querySelector('parsererror, script, foreignObject')) return null;
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) if (/^on|^style$|href$/i.test(name)) element.removeAttribute(name);
  }
  return document.importNode(root, true) as unknown as SVGElement;
}
