/** A transport for tests and for the parts page: answers by name, streams by hand, everything recorded. */
import { AppError } from './error';
import type { Painted, Transport } from './transport';

export type FakeAnswer = unknown | ((args: never) => unknown);

export class FakeTransport implements Transport {
  readonly calls: { name: string; args: unknown }[] = [];
  readonly shown: Painted[] = [];
  readonly #answers: Record<string, FakeAnswer>;
  readonly #listeners = new Map<string, Set<(item: unknown) => void>>();
  readonly #kept = new Map<string, unknown>();

  constructor(answers: Record<string, FakeAnswer> = {}, preferences: Record<string, unknown> = {}) {
    this.#answers = answers;
    for (const [key, value] of Object.entries(preferences)) this.#kept.set(key, value);
  }

  readonly preferences = {
    get: async (key: string) => this.#kept.get(key),
    set: async (key: string, value: unknown) => void this.#kept.set(key, value),
  };

  async call(name: string, args: unknown): Promise<unknown> {
    this.calls.push({ name, args });
    if (!(name in this.#answers)) throw new AppError({ code: 'notFound', message: `No answer for ${name} in this test.` });
    const answer = this.#answers[name];
    return structuredClone(typeof answer === 'function' ? await (answer as (args: unknown) => unknown)(args) : answer);
  }

  async stream(name: string, _args: unknown, onItem: (item: unknown) => void): Promise<() => void> {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(onItem));
    return () => listeners.delete(onItem);
  }

  painted(info: Painted): void {
    this.shown.push(info);
  }

  /** Sets or replaces an answer. */
  answer(name: string, answer: FakeAnswer): void {
    this.#answers[name] = answer;
  }

  /** Sends one item to whoever listens to that stream. */
  emit(name: string, item: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(item);
  }

  /** The arguments of each call of that command, in order. */
  argsOf(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args);
  }
}
