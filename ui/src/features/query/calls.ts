/** The commands of the workbench, typed; failures are AppErrors as everywhere. */
import type { Client } from '$lib/ipc';
import type { QueryCommands, QueryState } from './wire';

export type Name = keyof QueryCommands;
export type Call = <One extends Name>(name: One, args: QueryCommands[One]['args']) => Promise<QueryCommands[One]['reply']>;

export const caller = (client: Client): Call => ((name: string, args: unknown) => (client.call as (name: string, args: unknown) => Promise<unknown>).call(client, name, args)) as Call;

/** The newest state of a tab, at once and whenever it changes; resolves to the function that stops. */
export const watchTab = (client: Client, tab: string, onstate: (state: QueryState) => void): Promise<() => void> =>
  client.stream('query_watch', { tab }, onstate);
