/** The results of a run as rows: grouped by configuration, the worst group first, the worst result first in it. */
import { count, DASH, plural, score } from '$lib/format';
import type { ConfigurationRow, ResultRow } from '$lib/ipc';

export interface ResultGroup {
  kind: 'group';
  key: string;
  name: string;
  sub: string;
  end: string;
}
export interface ResultLine {
  kind: 'result';
  key: string;
  result: ResultRow;
}
export type ResultsRow = ResultGroup | ResultLine;

export const isFailed = (result: ResultRow): boolean => result.status === 'failed' || result.errorLine !== null;

export function groupResults(results: ResultRow[], configurations: ConfigurationRow[]): ResultsRow[] {
  const groups = new Map<string, ResultRow[]>();
  for (const result of results) groups.set(result.configurationId, [...(groups.get(result.configurationId) ?? []), result]);
  const names = new Map(configurations.map((one) => [one.id, one.name]));
  return [...groups]
    .sort(([, a], [, b]) => badness(b) - badness(a))
    .flatMap(([id, members]) => [head(id, names.get(id), members), ...lines(members)]);
}

/** Failed outweighs any score; among the rest a lower mean is worse. */
function badness(results: ResultRow[]): number {
  const failed = results.filter(isFailed).length / results.length;
  return failed * 10 + (1 - (mean(results) ?? 1));
}

const scored = (results: ResultRow[]): number[] => results.flatMap(({ score }) => (score === null ? [] : [score]));

function mean(results: ResultRow[]): number | null {
  const scores = scored(results);
  return scores.length === 0 ? null : scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

const lines = (results: ResultRow[]): ResultLine[] =>
  [...results]
    .sort((a, b) => Number(isFailed(b)) - Number(isFailed(a)) || (a.score ?? 2) - (b.score ?? 2) || a.repetition - b.repetition)
    .map((result) => ({ kind: 'result', key: result.id, result }));

function head(id: string, name: string | undefined, results: ResultRow[]): ResultGroup {
  const failed = results.filter(isFailed);
  const sameError = failed.length > 1 && new Set(failed.map((one) => one.errorLine)).size === 1;
  const sub = [plural(results.length, 'repetition'), sameError ? 'one error' : spread(results)].filter(Boolean).join(', ');
  return { kind: 'group', key: `group-${id}`, name: name ?? `configuration ${id} of another run`, sub, end: summary(results, failed.length) };
}

function spread(results: ResultRow[]): string | null {
  const scores = scored(results);
  return scores.length < 2 ? null : `spread ${score(Math.max(...scores) - Math.min(...scores))}`;
}

function summary(results: ResultRow[], failed: number): string {
  if (failed === results.length) return 'all failed';
  const average = mean(results);
  const of = scored(results).length;
  const middle = average === null ? null : of < results.length ? `mean ${score(average)} of ${count(of)}` : `mean ${score(average)}`;
  return [failed > 0 ? `${count(failed)} failed` : null, middle].filter(Boolean).join(', ') || DASH;
}
