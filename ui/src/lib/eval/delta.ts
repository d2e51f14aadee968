/** Differences against the baseline, in figures and judged: the sign is arithmetic, the tone is the judgement. */
import { DASH, duration, percentChange, scoreChange } from '../format';
import type { VerdictKind } from '../ui';

/** Below these a difference is noise. The score's limit is the backend's too. */
export const SCORE_NOISE = 0.005;
export const QUANTITY_NOISE = 0.02;

export interface Delta {
  text: string;
  kind: VerdictKind | null;
}

const judge = (change: number, noise: number, higherIsBetter: boolean): VerdictKind =>
  Math.abs(change) < noise ? 'flat' : change > 0 === higherIsBetter ? 'improved' : 'regressed';

export function scoreDelta(change: number | null | undefined): Delta {
  if (change === null || change === undefined) return { text: DASH, kind: null };
  return { text: scoreChange(change, { noise: SCORE_NOISE }), kind: judge(change, SCORE_NOISE, true) };
}

/** Tokens and latency: less is better. Percent on the wire, a ratio for the format. */
export function percentDelta(percent: number | null | undefined): Delta {
  if (percent === null || percent === undefined) return { text: DASH, kind: null };
  const ratio = percent / 100;
  return { text: percentChange(ratio, QUANTITY_NOISE), kind: judge(ratio, QUANTITY_NOISE, false) };
}

/** A latency against another: less is better; under 20 ms nobody can tell. */
export function latencyDelta(milliseconds: number | null | undefined): Delta {
  if (milliseconds === null || milliseconds === undefined) return { text: DASH, kind: null };
  const kind = judge(milliseconds, 20, false);
  if (kind === 'flat') return { text: 'flat', kind };
  return { text: `${milliseconds > 0 ? '+' : ''}${duration(milliseconds)}`, kind };
}
