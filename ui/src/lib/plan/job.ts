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

/** Who is in the way, in the backend's words; null while nobody is. */
export function lockWait({ progress }: JobRecord): string | null {
  if (!/waiting for/i.test(progress.phase) || !progress.detail) return null;
  const since = progress.detail.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, (at) => moment(at));
  const sentence = since.replace(/^waits for/, 'It waits for');
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
