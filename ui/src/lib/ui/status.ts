/** Kinds of status, each with an outline of its own, so that colour is never the only sign. */
import type { IconName } from './icons';

export type StatusKind = 'ok' | 'attention' | 'failed' | 'running' | 'skipped' | 'unknown';
export type VerdictKind = 'improved' | 'regressed' | 'flat' | 'few';

export const VERDICTS: Record<VerdictKind, { icon: IconName; word: string; tone: string }> = {
  improved: { icon: 'improvedM', word: 'improved', tone: 'k-improved' },
  regressed: { icon: 'regressedM', word: 'regressed', tone: 'k-regressed' },
  flat: { icon: 'flatM', word: 'no clear difference', tone: 'k-flat' },
  few: { icon: 'fewM', word: 'too few pairs', tone: 'k-flat' },
};
