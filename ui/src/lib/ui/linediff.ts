/** What changed between two texts, line by line: the longest common run of lines stays. */
export interface DiffLine {
  kind: 'same' | 'del' | 'ins';
  text: string;
}

/** Above this many comparisons the middle is shown as replaced whole. */
const MOST = 4_000_000;

export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [lines(before), lines(after)];
  let [start, tail] = [0, 0];
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  while (tail < a.length - start && tail < b.length - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = between(a.slice(start, a.length - tail), b.slice(start, b.length - tail));
  return [...all('same', a.slice(0, start)), ...middle, ...all('same', a.slice(a.length - tail))];
}

/** Unchanged lines far from a change leave; a gap stands as `null`. */
export function withContext(diff: DiffLine[], around = 3): (DiffLine | null)[] {
  const near = diff.map((_, at) => diff.slice(Math.max(0, at - around), at + around + 1).some((line) => line.kind !== 'same'));
  return diff.flatMap<DiffLine | null>((line, at) => {
    if (near[at]) return [line];
    return at === 0 || near[at - 1] ? [null] : [];
  });
}

/** A line feed at the end begins no further line, and nothing has none; what a file's line ends are is no difference to read. */
const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n'));

const all = (kind: DiffLine['kind'], texts: string[]): DiffLine[] => texts.map((text) => ({ kind, text }));

function between(a: string[], b: string[]): DiffLine[] {
  if (a.length * b.length > MOST) return [...all('del', a), ...all('ins', b)];
  const width = b.length + 1;
  const common = commonLengths(a, b);
  const found: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: 'same', text: a[i] ?? '' });
      [i, j] = [i + 1, j + 1];
    } else if (i < a.length && (j === b.length || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) {
      found.push({ kind: 'del', text: a[i++] ?? '' });
    } else found.push({ kind: 'ins', text: b[j++] ?? '' });
  }
  return found;
}

/** At [i, j]: how many lines the texts have in common from there on. */
function commonLengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      table[at] = a[i] === b[j] ? (table[at + width + 1] ?? 0) + 1 : Math.max(table[at + width] ?? 0, table[at + 1] ?? 0);
    }
  }
  return table;
}
