/** A job's state as a mark and a word. */
import { moment } from '../format';
import type { JobRecord } from '../ipc';
import type { StatusKind } from '../ui';

export function jobKind({ state }: JobRecord): StatusKind {
  const kinds: Record<string, StatusKind> = { running: 'running', cancelling: 'running', done: 'ok', failed: 'failed', cancelled: 'skipped', orphaned: 'attention' };
  return kinds[state] ?? 'unknown';
}

export function jobWord(job: JobRecord): string {
  const { done, total } = job.progress;
  if (job.state === 'running' && done !== null && total) return `${Math.floor((done / total) * 100)} %`;
  return job.state === 'orphaned' ? 'left behind' : job.state;
}

/** The parts of a job's second line: "create index ... · 12 s · waits for pid 7 (maria)". */
const parts = ({ progress }: JobRecord): string[] => (progress.detail ?? '').split(' · ').filter(Boolean);

const WAITS = /^waits for |was in the way/;

/** Who is in the way, in the backend's words; null while nobody is. */
export function lockWait(job: JobRecord): string | null {
  const said = parts(job).find((part) => WAITS.test(part)) ?? (/waiting for/i.test(job.progress.phase) ? job.progress.detail : null);
  if (!said) return null;
  const since = said.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, (at) => moment(at));
  const sentence = since.replace(/^waits for/, 'It waits for');
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What is being done, without who is in the way. */
export const doing = (job: JobRecord): string | null => parts(job).filter((part) => !WAITS.test(part)).join(' · ') || null;
