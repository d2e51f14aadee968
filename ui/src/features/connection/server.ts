/** What a test found of a server, in words. */
import type { ServerFacts } from '$lib/ipc';
import type { KeyValue } from '$lib/ui';

/** Less than the way there and back may add. */
const SAME_MS = 100;
/** So much that times in a log cannot be held beside each other any more. */
const FAR_MS = 5_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function supported(server: ServerFacts): string {
  const { support } = server;
  if (support?.state === 'maintained' || support?.state === 'ends_soon') return `, supported until ${month(support.until)}`;
  return support?.state === 'ended' ? `, not repaired since ${month(support.since)}` : '';
}

/** "Nov 2029" of a day. */
function month(day: string): string {
  const [year, number] = day.split('-');
  return `${MONTHS[Number(number) - 1] ?? number} ${year}`;
}

export function role(server: ServerFacts): string {
  if (server.superuser) return `${server.role}: superuser`;
  const roles = server.roles ?? [];
  return `${server.role}: not superuser${roles.length > 0 ? `, member of ${roles.join(', ')}` : ''}`;
}

export function clock(aheadMs: number): KeyValue {
  const by = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s`;
  const value = Math.abs(aheadMs) < SAME_MS ? 'as this computer’s' : `${by} ${aheadMs < 0 ? 'behind' : 'ahead of'} this computer’s`;
  return { label: 'Clock', value, kind: Math.abs(aheadMs) >= FAR_MS ? 'attention' : undefined };
}
