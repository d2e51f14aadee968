/** Who migrates a database right now, asked again while somebody looks: it changes without anything done here. */
import type { Call } from './calls';
import type { LockHolder } from './wire';
import { moment } from '$lib/format';

const ASK_MS = 3_000;

export class LockWatch {
  /** Undefined until it is known. */
  holder = $state.raw<LockHolder | null | undefined>(undefined);
  /** Somebody held it, and nobody does any more: what they did is to be read. */
  onfreed: () => void = () => undefined;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  take(holder: LockHolder | null): void {
    const freed = holder === null && this.holder;
    this.holder = holder;
    if (freed) this.onfreed();
  }

  /** Asks until it is told to stop; not while nobody can see the answer. */
  follow(): () => void {
    const timer = setInterval(() => void this.#ask(), ASK_MS);
    return () => clearInterval(timer);
  }

  async #ask(): Promise<void> {
    if (document.hidden) return;
    await this.#call('migrate_lock', {}).then((holder) => this.take(holder), () => (this.holder = undefined));
  }
}

/** "pid 48112 of maria" */
export const whoHolds = ({ pid, userName }: LockHolder): string => `pid ${pid} of ${userName ?? 'a role that is gone'}`;

/** "connected since 14:31, active: create index ..."; nothing where we may not see it. */
export function whatItDoes({ connectedSince, doing }: LockHolder): string {
  return [connectedSince ? `connected since ${moment(connectedSince)}` : null, doing].filter(Boolean).join(', ');
}
