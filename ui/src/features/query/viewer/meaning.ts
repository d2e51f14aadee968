/** Values of the evaluation columns that mislead: what they say, and what is meant. */
import { parseJson, type JsonNode } from './json';

export interface Meaning {
  title: string;
  text: string;
}

const child = (node: JsonNode | null | undefined, key: string): JsonNode | null => node?.children.find((one) => one.key === `"${key}"`) ?? null;
const number = (node: JsonNode | null): number | null => (node?.kind === 'number' ? Number(node.raw) : null);

/** A latency that nobody measured is written as 0 ms, and its change as −100 %. */
export function meaningOf(column: string, text: string): Meaning | null {
  const root = column === 'baseline_comparison' || column === 'latency_metrics' ? parseJson(text) : null;
  if (!root) return null;
  const unmeasured =
    column === 'baseline_comparison'
      ? number(child(child(root, 'latency_delta'), 'percentage')) === -100
      : number(child(root, 'result_ms')) === 0 && (number(child(root, 'baseline_ms')) ?? 0) > 0;
  if (!unmeasured) return null;
  return { title: 'Latency was not measured.', text: `${column === 'baseline_comparison' ? '−100 % means' : '0 ms means'} the engine wrote 0 ms. Left out of means.` };
}
