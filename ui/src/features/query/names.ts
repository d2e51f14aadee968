/** Names of tabs: the one that the backend and the link know it by, and the one that a person reads. */
const RANDOM = 36 ** 4;

/** Lower case letters and digits alone: it is a file's name too. */
export const freshTab = (now = Date.now(), random = Math.random()): string =>
  `q${now.toString(36)}${Math.floor(random * RANDOM).toString(36).padStart(4, '0')}`;

/** "Query 4": one more than the highest that is taken. */
export function nextTitle(taken: string[]): string {
  const numbers = taken.map((title) => Number(/^Query (\d+)$/.exec(title)?.[1] ?? 0));
  return `Query ${Math.max(0, ...numbers) + 1}`;
}

/** The last part of a path. */
export const fileName = (path: string): string => path.split('/').at(-1) ?? path;
