/**
 * JSON for looking at. Numbers stay the text that the server wrote, since a JavaScript number would lose digits; a key that
 * comes twice comes twice.
 */
export interface JsonNode {
  kind: 'object' | 'array' | 'string' | 'number' | 'word';
  key: string | null;
  /** Of an array's element. */
  index: number | null;
  /** As the server wrote it; of a string with its quotes. Empty for what has children. */
  raw: string;
  children: JsonNode[];
  parent: JsonNode | null;
}

export interface JsonLine {
  id: number;
  node: JsonNode;
  depth: number;
  /** The closing bracket of its node. */
  end: boolean;
  open: boolean;
  last: boolean;
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

const nodeOf = (kind: JsonNode['kind'], raw: string, key: string | null, parent: JsonNode): JsonNode => ({ kind, key, index: parent.kind === 'array' ? parent.children.length : null, raw, children: [], parent });

/** Takes tokens one by one; nesting is a chain of nodes and not the call stack, so that depth breaks nothing. */
class Reader {
  readonly root: JsonNode = { kind: 'array', key: null, index: null, raw: '', children: [], parent: null };
  #at = this.root;
  /** A value (in an object: a key) may stand next. */
  #wants = true;
  /** A key that is read, before and after its colon. */
  #name: string | null = null;
  #key: string | null = null;

  /** False where the token cannot stand. */
  take([, sign, string, number, word]: RegExpExecArray): boolean {
    if (sign === '{' || sign === '[') return this.#value(sign === '{' ? 'object' : 'array', '');
    if (sign === '}' || sign === ']') return this.#close(sign === '}');
    if (sign === ',') return this.#flag(!this.#wants && this.#at !== this.root, true);
    if (sign === ':') return this.#colon();
    if (string !== undefined && this.#at.kind === 'object' && this.#key === null) return this.#named(string);
    return this.#value(string !== undefined ? 'string' : number !== undefined ? 'number' : 'word', string ?? number ?? word ?? '');
  }

  /** One value, and everything closed. */
  get whole(): JsonNode | null {
    return this.#at === this.root && !this.#wants && this.root.children.length === 1 ? (this.root.children[0] ?? null) : null;
  }

  #flag(may: boolean, wants: boolean): boolean {
    this.#wants = wants;
    return may;
  }

  #named(name: string): boolean {
    const may = this.#wants && this.#name === null;
    this.#name = name;
    return may;
  }

  #colon(): boolean {
    const may = this.#name !== null;
    [this.#key, this.#name] = [this.#name, null];
    return may;
  }

  #value(kind: JsonNode['kind'], raw: string): boolean {
    const may = this.#wants && this.#name === null && (this.#at.kind === 'object') === (this.#key !== null);
    const node = nodeOf(kind, raw, this.#key, this.#at);
    this.#at.children.push(node);
    this.#key = null;
    const opens = kind === 'object' || kind === 'array';
    if (opens) this.#at = node;
    return this.#flag(may, opens);
  }

  #close(object: boolean): boolean {
    const { parent, kind, children } = this.#at;
    if (parent === null || (kind === 'object') !== object || this.#name !== null || this.#key !== null) return false;
    const may = !this.#wants || children.length === 0;
    this.#at = parent;
    return this.#flag(may, false);
  }
}

/** The tree; null where the text is no JSON (or is cut). */
export function parseJson(text: string): JsonNode | null {
  const reader = new Reader();
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    if (!reader.take(found)) return null;
    end = TOKEN.lastIndex;
  }
  const root = reader.whole;
  if (!root || text.slice(end).trim() !== '') return null;
  [root.parent, root.index] = [null, null];
  return root;
}

/** What is drawn, line by line; `closed` nodes are one line. */
export function linesOf(root: JsonNode, closed: ReadonlySet<JsonNode>): JsonLine[] {
  const lines: JsonLine[] = [];
  const work: { node: JsonNode; depth: number; end: boolean; last: boolean }[] = [{ node: root, depth: 0, end: false, last: true }];
  for (let next = work.pop(); next; next = work.pop()) {
    const { node, depth, end, last } = next;
    const open = !end && node.children.length > 0 && !closed.has(node);
    lines.push({ id: lines.length, node, depth, end, open, last });
    if (!open) continue;
    work.push({ node, depth, end: true, last });
    for (let at = node.children.length - 1; at >= 0; at -= 1) work.push({ node: node.children[at] as JsonNode, depth: depth + 1, end: false, last: at === node.children.length - 1 });
  }
  return lines;
}

const words = (raw: string): string => {
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, -1);
  }
};

export const keyWords = (node: JsonNode): string => (node.key === null ? '' : words(node.key));

function stepsTo(node: JsonNode): JsonNode[] {
  const steps: JsonNode[] = [];
  for (let at: JsonNode | null = node; at && at.parent; at = at.parent) steps.unshift(at);
  return steps;
}

/** `token_delta.absolute`, `runs[2]."a b"`. */
export function pathOf(node: JsonNode): string {
  return stepsTo(node).map((step, at) => {
    if (step.key === null) return `[${step.index ?? 0}]`;
    const name = keyWords(step);
    return `${at > 0 ? '.' : ''}${/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : step.key}`;
  }).join('');
}

/** `"column" -> 'token_delta' ->> 'absolute'`: what a query would ask for. */
export function sqlOf(column: string, node: JsonNode): string {
  const name = /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  const steps = stepsTo(node);
  return steps.reduce((sql, step, at) => {
    const arrow = at === steps.length - 1 && node.children.length === 0 && node.kind !== 'object' && node.kind !== 'array' ? '->>' : '->';
    return `${sql} ${arrow} ${step.key === null ? String(step.index ?? 0) : `'${keyWords(step).replaceAll("'", "''")}'`}`;
  }, name);
}

/** The node at the same path in another tree: going down a column, the same place is looked at in each row. */
export function sameIn(root: JsonNode, node: JsonNode): JsonNode | null {
  let at: JsonNode | undefined = root;
  for (const step of stepsTo(node)) at = at?.children.find((one) => (step.key === null ? one.index === step.index : one.key === step.key));
  return at ?? null;
}

/** Nodes whose key or value has the text, in the order of the lines. */
export function findJson(root: JsonNode, text: string): JsonNode[] {
  const wanted = text.toLowerCase();
  return linesOf(root, new Set()).filter((line) => !line.end && (keyWords(line.node).toLowerCase().includes(wanted) || line.node.raw.toLowerCase().includes(wanted))).map((line) => line.node);
}

/** What a closed node says: `{ 3 keys }`. */
export const summary = ({ kind, children }: JsonNode): string => {
  const [open, close] = kind === 'object' ? ['{', '}'] : ['[', ']'];
  return children.length === 0 ? `${open}${close}` : `${open} ${children.length.toLocaleString('en')} ${kind === 'object' ? (children.length === 1 ? 'key' : 'keys') : children.length === 1 ? 'element' : 'elements'} ${close}`;
};
