/** Commands of one connection. */
import type { Client } from '$lib/ipc';

export type Call = <Reply>(name: string, args?: object) => Promise<Reply>;

export function caller(client: Client, connection: string): Call {
  const call = client.call as (name: string, args: object) => Promise<unknown>;
  return <Reply>(name: string, args: object = {}) => call.call(client, name, { connection, ...args }) as Promise<Reply>;
}
