/** The figures of a plan in words. Nothing here is decided: that is the backend's. */
import { count, DASH, duration, elapsed, percent, size } from '$lib/format';
import type { ExplainBuffers, ExplainGain, ExplainNode, ExplainPlan, ExplainReport } from '$lib/ipc';
import type { StatusKind } from '$lib/ui';
import type { Phase } from './explain.svelte';

/** From here on a guess is off, and says so. */
const OFF = 10;

export interface OffBy {
  text: string;
  off: boolean;
}

/** "13 × more", "20 × fewer", "as guessed"; nothing where the two cannot be compared. */
export function offBy(node: ExplainNode): OffBy {
  const factor = node.measured?.offBy ?? null;
  if (factor === null) return { text: DASH, off: false };
  if (factor >= OFF) return { text: `${count(factor)} × more`, off: true };
  if (factor <= 1 / OFF) return { text: `${count(1 / factor)} × fewer`, off: true };
  return { text: 'as guessed', off: false };
}

/** A mean of less than ten rows keeps its decimal. */
export const rows = (value: number): string => (value > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : count(value));

export const touched = (buffers: ExplainBuffers | null): number | null => (buffers ? buffers.hit + buffers.read : null);

/** "3.4 GB touched, 92 % from disk". */
export function read(buffers: ExplainBuffers | null): string | null {
  const all = touched(buffers);
  if (!buffers || all === null || all === 0) return null;
  return `${size(all)} touched${buffers.read > 0 ? `, ${percent(buffers.read / all)} from disk` : ', all from cache'}`;
}

/** The planner's own unit. */
export const cost = (value: number): string => (value < 100 ? value.toFixed(1) : count(value));

/** A figure before and after a rewrite. */
export interface Change {
  before: string;
  after: string;
}

/** What a rewrite comes to: what was measured of both, else the planner's costs. */
export function changes(gain: ExplainGain): Change[] {
  const real = gain.measured;
  if (!real) return [{ before: `cost ${cost(gain.costBefore)}`, after: cost(gain.cost) }];
  const time = { before: real.beforeStopped ? `over ${elapsed(real.msBefore)}` : duration(real.msBefore), after: duration(real.ms) };
  const read = real.touched === null ? [] : [{ before: real.touchedBefore === null ? DASH : size(real.touchedBefore), after: size(real.touched) }];
  return [time, ...read];
}

/** The whole in one line. */
export function summary(plan: ExplainPlan): string[] {
  if (plan.executionMs === null) return [`cost ${cost(plan.cost)}`, `${count(plan.nodes[0]?.guess ?? 0)} rows guessed`];
  const said = [duration(plan.executionMs), plan.rows === null ? null : `${count(plan.rows)} ${plan.rows === 1 ? 'row' : 'rows'}`, read(plan.buffers)];
  return said.filter((one) => one !== null);
}

/** How it was had. */
export function ran(report: ExplainReport): string {
  const limit = report.limitMs ? `, limit ${elapsed(report.limitMs)}` : '';
  if (report.ran === 'read_only') return `ran read-only${limit}`;
  if (report.ran === 'rolled_back') return `ran and rolled back${limit}`;
  return report.parameters === 'generic' ? 'planned for any values, not run' : 'planned, not run';
}

/** "Parallel Seq Scan on evaluation_results". */
export const nodeTitle = (node: ExplainNode): string => (node.relation ? `${node.name} on ${node.relation}` : node.name);

/** What a node says besides its conditions, as label and value. */
export function details(node: ExplainNode, measured: boolean): { label: string; value: string; mono: boolean }[] {
  const plain = (label: string, value: string | null) => (value === null ? [] : [{ label, value, mono: false }]);
  const { measured: real, buffers, sort, hash, memoize, heap } = node;
  return [
    ...node.conditions.map((one) => ({ label: one.label, value: one.text, mono: true })),
    ...plain('Threw away', real?.removed ? `${count(real.removed)} of ${count(real.removed + real.rows)} rows` : null),
    ...plain('Rows', real ? `${rows(real.rowsPerLoop)} a loop, ${count(real.loops)} ${real.loops === 1 ? 'loop' : 'loops'}, ${rows(node.guessPerLoop)} guessed` : `${count(node.guess)} guessed`),
    ...plain('Time', real && real.totalMs !== null ? `${duration(real.ownMs)} of its own, ${duration(real.totalMs)} with what is below` : null),
    ...plain('Cost', `${count(node.startupCost)} to the first row, ${count(node.cost)} to the last`),
    ...plain('Read', buffers && (touched(buffers) ?? 0) > 0 ? `${size(touched(buffers))}, ${size(buffers.read)} from disk${by(node)}` : null),
    ...plain('Wrote', buffers && buffers.written + buffers.dirtied > 0 ? `${size(buffers.dirtied)} changed, ${size(buffers.written)} written` : null),
    ...plain('Temporary', buffers && buffers.tempRead + buffers.tempWritten > 0 ? `${size(buffers.tempWritten)} written, ${size(buffers.tempRead)} read` : null),
    ...plain('Sort', sort ? `${sort.method}, ${size(sort.bytes)} ${sort.onDisk ? 'on disk' : 'in memory'}` : null),
    ...plain('Hash', hash ? `${size(hash.bytes)}, ${count(hash.batches)} ${hash.batches === 1 ? 'batch' : 'batches'}${hash.diskBytes > 0 ? `, ${size(hash.diskBytes)} on disk` : ''}` : null),
    ...plain('Cache', memoize ? `${count(memoize.hits)} hits, ${count(memoize.misses)} misses, ${count(memoize.evictions)} evictions` : null),
    ...plain('Heap', heap && heap.fetches + heap.exactBlocks + heap.lossyBlocks > 0 ? heapWords(heap) : null),
    ...node.facts.filter((one) => !HIDDEN.has(one.label) && (measured || !one.label.startsWith('Actual'))).map((one) => ({ label: one.label, value: one.value, mono: true })),
  ];
}

/** Said above in words, or of no use to a person. */
const HIDDEN = new Set(['Parallel Aware', 'Sort Method', 'Sort Space Used', 'Sort Space Type', 'Workers', 'Hash Buckets', 'Original Hash Buckets', 'Hash Batches', 'Original Hash Batches', 'Peak Memory Usage', 'Cache Hits', 'Cache Misses', 'Cache Evictions', 'Cache Overflows', 'Heap Fetches', 'Exact Heap Blocks', 'Lossy Heap Blocks', 'Shared Hit Blocks', 'Shared Read Blocks', 'Shared Dirtied Blocks', 'Shared Written Blocks', 'Local Hit Blocks', 'Local Read Blocks', 'Temp Read Blocks', 'Temp Written Blocks', 'Rows Removed by Filter', 'Rows Removed by Join Filter', 'Disabled']);

const by = (node: ExplainNode): string => ((node.measured?.processes ?? 1) > 1 ? `, by ${count(node.measured?.processes)} processes` : '');

function heapWords(heap: NonNullable<ExplainNode['heap']>): string {
  const said = [heap.fetches > 0 ? `${count(heap.fetches)} rows looked up` : null, heap.exactBlocks > 0 ? `${count(heap.exactBlocks)} pages` : null, heap.lossyBlocks > 0 ? `${count(heap.lossyBlocks)} lossy pages` : null];
  return said.filter((one) => one !== null).join(', ');
}

/** What an explanation does now. */
export function progress(phase: Phase, analyze: boolean): { kind: StatusKind; word: string } {
  if (phase === 'cancelling') return { kind: 'running', word: 'Cancelling' };
  if (phase === 'stillRunning') return { kind: 'attention', word: 'Still running on the server' };
  return { kind: 'running', word: analyze ? 'Running it to measure' : 'Planning' };
}
