/** A light colouring of JSON for display. Text that is not JSON stays as it is. */
export interface JsonPiece {
  text: string;
  /** Class of syntax colour: j key, s string, d number, k word. */
  tone: 'j' | 's' | 'd' | 'k' | null;
}

/** Above this a thousand coloured spans cost more than they help. */
const MOST = 40_000;
const PIECE = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

export function jsonPieces(json: string): JsonPiece[] {
  if (json.length > MOST) return [{ text: json, tone: null }];
  const pieces: JsonPiece[] = [];
  let at = 0;
  for (const found of json.matchAll(PIECE)) {
    const [, string, colon, number] = found;
    const text = string ?? found[0];
    if (found.index > at) pieces.push({ text: json.slice(at, found.index), tone: null });
    pieces.push({ text, tone: string ? (colon ? 'j' : 's') : number ? 'd' : 'k' });
    at = found.index + text.length;
  }
  if (at < json.length) pieces.push({ text: json.slice(at), tone: null });
  return pieces;
}

/** Indented for reading. Numbers keep every digit, since only white space between tokens is written anew. */
export function prettyJson(json: string): string {
  let [depth, out, rest] = [0, '', json.trim()];
  if (rest.includes('\n') || !/^[{[]/.test(rest)) return rest;
  const line = () => `\n${'  '.repeat(depth)}`;
  const token = /^\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/;
  for (let found = token.exec(rest); found; found = token.exec(rest)) {
    const [whole, text = ''] = found;
    rest = rest.slice(whole.length);
    if (text === '{' || text === '[') {
      const empty = /^\s*[}\]]/.test(rest);
      out += text;
      if (!empty) {
        depth += 1;
        out += line();
      }
    } else if (text === '}' || text === ']') {
      if (!/[{[]$/.test(out)) {
        depth -= 1;
        out += line();
      }
      out += text;
    } else out += text === ',' ? `,${line()}` : text === ':' ? ': ' : text;
  }
  return rest.trim() === '' ? out : json;
}
