/** What changed between two texts, word by word: the longest common run of words stays. */
export interface DiffPiece {
  kind: 'same' | 'del' | 'ins';
  text: string;
}

/** Above this many comparisons the middle is shown as replaced whole: nobody reads such a diff word by word. */
const MOST = 4_000_000;

const words = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

export const wordCount = (text: string): number => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;

export function wordDiff(before: string, after: string): DiffPiece[] {
  const [a, b] = [words(before), words(after)];
  let [start, tail] = [0, 0];
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  while (tail < a.length - start && tail < b.length - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = between(a.slice(start, a.length - tail), b.slice(start, b.length - tail));
  const same = (list: string[]): DiffPiece => ({ kind: 'same', text: list.join('') });
  return join([same(a.slice(0, start)), ...middle, same(a.slice(a.length - tail))]);
}

function between(a: string[], b: string[]): DiffPiece[] {
  if (a.length * b.length > MOST) return [{ kind: 'del', text: a.join('') }, { kind: 'ins', text: b.join('') }];
  const lengths = commonLengths(a, b);
  const pieces: DiffPiece[] = [];
  const width = b.length + 1;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: 'same', text: a[i] ?? '' });
      [i, j] = [i + 1, j + 1];
    } else if (i < a.length && (j === b.length || (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))) {
      pieces.push({ kind: 'del', text: a[i++] ?? '' });
    } else pieces.push({ kind: 'ins', text: b[j++] ?? '' });
  }
  return pieces;
}

/** For each pair of places, how many words what follows has in common. */
function commonLengths(a: string[], b: string[]): Uint16Array {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [here, down, right] = [lengths[(i + 1) * width + j + 1] ?? 0, lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0];
      lengths[i * width + j] = a[i] === b[j] ? here + 1 : Math.max(down, right);
    }
  }
  return lengths;
}

/** Neighbours of one kind become one; a blank between two changes joins them, so that a phrase reads as one. */
function join(pieces: DiffPiece[]): DiffPiece[] {
  const joined: DiffPiece[] = [];
  let [del, ins] = ['', ''];
  const flush = () => {
    // A side that holds nothing but the blanks between two changes has no change to show.
    const [hasDel, hasIns] = [del.trim() !== '', ins.trim() !== ''];
    if (del && (hasDel || !hasIns)) joined.push({ kind: 'del', text: del });
    if (ins && (hasIns || !hasDel)) joined.push({ kind: 'ins', text: ins });
    [del, ins] = ['', ''];
  };
  pieces.forEach((piece, at) => {
    if (piece.text === '') return;
    if (piece.kind === 'del') del += piece.text;
    else if (piece.kind === 'ins') ins += piece.text;
    else if ((del || ins) && /^\s+$/.test(piece.text) && (pieces[at + 1]?.kind ?? 'same') !== 'same') {
      del += piece.text;
      ins += piece.text;
    } else {
      flush();
      const last = joined.at(-1);
      if (last?.kind === 'same') last.text += piece.text;
      else joined.push({ ...piece });
    }
  });
  flush();
  return joined;
}
