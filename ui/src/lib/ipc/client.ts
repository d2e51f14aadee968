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

/** How long an answer that was asked for ahead is still new. */
const AHEAD_MS = 2000;

const keyOf = (name: string, args: unknown) => `${name} ${JSON.stringify(args ?? {})}`;

export class Client {
  readonly #transport: Transport;
  readonly #ahead = new Map<string, Promise<unknown>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get preferences(): Preferences {
    return this.#transport.preferences;
  }

  async call<Name extends CommandName>(name: Name, ...[args]: ArgsOf<Args<Name>>): Promise<Reply<Name>> {
    try {
      return (await (this.#taken(name, args) ?? this.#transport.call(name, args ?? {}))) as Reply<Name>;
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  /**
   * Asks now what a screen will ask in a moment: the same call then takes this answer or this failure, once. What nobody
   * takes in time is dropped. Resolves when the answer is there, whatever it is.
   */
  async ahead<Name extends CommandName>(name: Name, args: Args<Name>): Promise<void> {
    const key = keyOf(name, args);
    const asked = this.#ahead.get(key) ?? this.#transport.call(name, args);
    this.#ahead.set(key, asked);
    setTimeout(() => this.#ahead.delete(key), AHEAD_MS);
    await asked.catch(() => undefined);
  }

  #taken(name: string, args: unknown): Promise<unknown> | undefined {
    const key = keyOf(name, args);
    const asked = this.#ahead.get(key);
    this.#ahead.delete(key);
    return asked;
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
