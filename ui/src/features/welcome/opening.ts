/** The steps of opening the local database, as its job tells them. */
import type { JobRecord } from '$lib/ipc';
import { isRunning } from '$lib/jobs.svelte';
import type { StepRow } from '$lib/ui';

/** Words that the job's phase begins or is known by, in order. */
const STEPS: { label: string; words: RegExp }[] = [
  { label: 'Server', words: /postgres|server|cluster|engine|start/i },
  { label: 'Tables', words: /table|schema|migrat|creat|index/i },
  { label: 'Sample data', words: /sample|demo|load|insert|copy|rows/i },
];

/** A phase that none of the steps knows belongs to the step that was last seen. */
export function stepOf(phase: string, before: number): number {
  const found = STEPS.findIndex((step, at) => at >= before && step.words.test(phase));
  return found < 0 ? before : found;
}

export function openingSteps(job: JobRecord, at: number): StepRow[] {
  const ended = !isRunning(job);
  return STEPS.map(({ label }, step) => {
    if ((ended && job.state === 'done') || step < at) return { label, state: 'ok', text: 'done' };
    if (step > at) return { label, state: 'pending' };
    if (ended) return { label, state: job.state === 'cancelled' ? 'skipped' : 'failed', text: job.state };
    return { label, state: 'running', text: [job.progress.phase, job.progress.detail].filter(Boolean).join(': ') };
  });
}
