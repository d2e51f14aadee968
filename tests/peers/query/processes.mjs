/** Memory of a process and all it started: proportional set size, in MB. */
import { readdirSync, readFileSync } from 'node:fs';

const parents = () =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    } catch {
      return []; // It ended meanwhile.
    }
  });

function family(root) {
  const all = parents();
  const found = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of all) if (found.has(parent) && !found.has(pid)) grown = Boolean(found.add(pid));
  }
  return [...found];
}

function pss(pid) {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export const memory = (root) => family(root).reduce((sum, pid) => sum + pss(pid), 0) / 1024;

/** Looks again and again until it is told to stop; the most it saw. */
export function watch(root) {
  let most = memory(root);
  const timer = setInterval(() => (most = Math.max(most, memory(root))), 100);
  return () => {
    clearInterval(timer);
    return Math.max(most, memory(root));
  };
}
