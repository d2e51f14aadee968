/** Fuzzy match of the palette: letters in order, beginnings of words first. Says which letters to mark. */
export interface Match {
  score: number;
  /** [from, to) pairs in the label. */
  ranges: [number, number][];
}

const isStart = (text: string, at: number): boolean => at === 0 || /[\s_./:…-]/.test(text[at - 1] ?? '');

export function match(query: string, label: string): Match | null {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return { score: 0, ranges: [] };
  const text = label.toLowerCase();
  const found = words.map((word) => matchWord(word, text));
  if (found.some((one) => one === null)) return null;
  const ranges = found.flatMap((one) => one?.ranges ?? []);
  return { score: found.reduce((sum, one) => sum + (one?.score ?? 0), 0) - text.length / 100, ranges: merge(ranges) };
}

function matchWord(word: string, text: string): Match | null {
  const at = bestOccurrence(word, text);
  if (at >= 0) return { score: (isStart(text, at) ? 100 : 60) - at / 10, ranges: [[at, at + word.length]] };
  return matchLetters(word, text);
}

function bestOccurrence(word: string, text: string): number {
  const first = text.indexOf(word);
  for (let at = first; at >= 0; at = text.indexOf(word, at + 1)) if (isStart(text, at)) return at;
  return first;
}

function matchLetters(word: string, text: string): Match | null {
  const ranges: [number, number][] = [];
  let score = 20;
  let from = 0;
  for (const letter of word) {
    const at = nextLetter(letter, text, from);
    if (at < 0) return null;
    score += isStart(text, at) ? 4 : at === from ? 2 : -1;
    ranges.push([at, at + 1]);
    from = at + 1;
  }
  return score > 0 ? { score, ranges: merge(ranges) } : null;
}

/** The next beginning of a word with that letter, when it is near; else simply the next one. */
function nextLetter(letter: string, text: string, from: number): number {
  const plain = text.indexOf(letter, from);
  for (let at = plain; at >= 0 && at < from + 16; at = text.indexOf(letter, at + 1)) if (isStart(text, at)) return at;
  return plain;
}

function merge(ranges: [number, number][]): [number, number][] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  return sorted.reduce<[number, number][]>((all, [from, to]) => {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
    return all;
  }, []);
}

/** The label cut into marked and plain pieces. */
export function pieces(label: string, ranges: [number, number][]): { text: string; hit: boolean }[] {
  const all: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) all.push({ text: label.slice(at, from), hit: false });
    all.push({ text: label.slice(from, to), hit: true });
    at = to;
  }
  if (at < label.length) all.push({ text: label.slice(at), hit: false });
  return all;
}
