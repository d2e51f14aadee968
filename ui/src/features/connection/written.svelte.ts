/** Texts that connections are written down as: which one is shown, what it says, and why not. */
import { AppError, type Client } from '$lib/ipc';

type Kind = 'export' | 'database_yml';

export class Written {
  kind = $state<Kind | null>(null);
  text = $state<string | null>(null);
  notes = $state.raw<string[]>([]);
  error = $state.raw<AppError | null>(null);
  #connections: string[] = [];
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** None means all of them. */
  export(connections: string[]): Promise<void> {
    return this.#show('export', connections, async () => ({ ...(await this.#client.call('connection_export', { connections, path: null })), notes: [] }));
  }

  databaseYml(connection: string): Promise<void> {
    return this.#show('database_yml', [connection], () => this.#client.call('connection_database_yml', { connection }));
  }

  async write(path: string): Promise<void> {
    await this.#client.call('connection_export', { connections: this.#connections, path });
  }

  close(): void {
    this.kind = null;
  }

  async #show(kind: Kind, connections: string[], read: () => Promise<{ text: string; notes: string[] }>): Promise<void> {
    [this.kind, this.text, this.notes, this.error, this.#connections] = [kind, null, [], null, connections];
    try {
      const { text, notes } = await read();
      [this.text, this.notes] = [text, notes];
    } catch (thrown) {
      this.error = AppError.from(thrown);
    }
  }
}
