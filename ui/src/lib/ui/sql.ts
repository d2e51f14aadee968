/** A light colouring of SQL for display. It never decides anything: the true parser is in the backend. */
export interface SqlPiece {
  text: string;
  /** Class of syntax colour: k keyword, s string, d number, c comment. */
  tone: 'k' | 's' | 'd' | 'c' | null;
}

const KEYWORDS = new Set(
  `add all alter always analyze and any array as asc begin between by cascade case cast check cluster collate column comment
  commit concurrently constraint copy create cross cycle database declare default deferrable deferred delete desc distinct do
  drop else end except exclude exists explain extension false fetch filter first for foreign from full function generated grant
  group having identity if ilike immediate in including index inner insert intersect into is join key last lateral left like
  limit local lock materialized natural no not null nulls off offset on only or order over owner partition primary privileges
  procedure range references refresh reindex release rename restrict returning revoke right rollback row rows savepoint schema
  select sequence serial session set share show some statistics table tablespace temp temporary then to transaction trigger
  true truncate type union unique unlogged update using vacuum valid validate values verbose view when where window with
  without work`.split(/\s+/),
);

const PIECE =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|((?:\b[eEbBxXnN]|\b[uU]&)?'(?:[^']|'')*(?:'|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\3\$|$))|("(?:[^"]|"")*(?:"|$))|(\b\d+(?:\.\d+)?\b)|([A-Za-z_][\w$]*)/g;

export function sqlPieces(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let at = 0;
  const plain = (text: string) => text && pieces.push({ text, tone: null });
  for (const found of sql.matchAll(PIECE)) {
    const tone = toneOf(found);
    if (!tone) continue;
    plain(sql.slice(at, found.index));
    pieces.push({ text: found[0], tone });
    at = found.index + found[0].length;
  }
  plain(sql.slice(at));
  return pieces;
}

function toneOf([text, comment, string, , , number]: RegExpMatchArray): SqlPiece['tone'] {
  if (comment) return 'c';
  if (string) return 's';
  if (number) return 'd';
  return KEYWORDS.has((text ?? '').toLowerCase()) ? 'k' : null;
}
