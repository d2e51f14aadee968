/** Commands of one connection. */
import type { Args, Client, CommandName, Reply } from '$lib/ipc';

export type Call = <Name extends CommandName>(name: Name, args?: Omit<Args<Name>, 'connection'>) => Promise<Reply<Name>>;

export function caller(client: Client, connection: string): Call {
  // Whether a command may be called without arguments is not to be decided here: the connection is always one.
  const call = client.call.bind(client) as (name: CommandName, args: object) => Promise<never>;
  return (name, args) => call(name, { connection, ...args });
}
