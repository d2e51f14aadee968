/** The typed client: names, arguments and replies come from `generated.ts`; every failure is an AppError. */
import { AppError } from './error';
import type { Commands, Streams } from './generated';
import type { Preferences, Transport } from './transport';

export type CommandName = keyof Commands & string;
export type StreamName = keyof Streams & string;
export type Args<Name extends CommandName> = Commands[Name]['args'];
export type Reply<Name extends CommandName> = Commands[Name]['reply'];
export type Item<Name extends StreamName> = Streams[Name]['item'];

/** A command that takes nothing may be called without arguments. */
type ArgsOf<A> = Record<never, never> extends A ? [args?: A] : [args: A];

export class Client {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get preferences(): Preferences {
    return this.#transport.preferences;
  }

  async call<Name extends CommandName>(name: Name, ...[args]: ArgsOf<Args<Name>>): Promise<Reply<Name>> {
    try {
      return (await this.#transport.call(name, args ?? {})) as Reply<Name>;
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  /** Resolves to the function that closes the stream; closing twice is fine. */
  async stream<Name extends StreamName>(
    name: Name,
    args: Streams[Name]['args'],
    onItem: (item: Item<Name>) => void,
  ): Promise<() => void> {
    try {
      return await this.#transport.stream(name, args, (item) => onItem(item as Item<Name>));
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  /** Tells the host, after two frames and a zero timeout, that what was just rendered is on the glass. */
  painted(screen: string, rows: number): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => setTimeout(() => void this.#transport.painted?.({ screen, rows }), 0)),
    );
  }
}
