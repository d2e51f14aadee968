import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import type { ExplainGain, ExplainReport } from '$lib/ipc';
import ReportView from './ReportView.svelte';
import { REPORT } from './sample';

const rewrite = REPORT.rewrite!;
const gain = rewrite.gain!;

function show(change: Partial<ExplainGain> | null, report: Partial<ExplainReport> = {}) {
  const next = change && { ...gain, ...change };
  render(ReportView, { report: { ...REPORT, ...report, rewrite: { ...rewrite, gain: next } }, onopen: vi.fn(), onanalyze: vi.fn(), onwithout: vi.fn() });
}
const card = () => screen.getByRole('region', { name: 'After the rewrite' });

test('what was measured of both stands before and after', () => {
  show({});
  expect(card().textContent).toMatch(/run just now.*4\.31 s.*→.*384 ms.*3\.4 GB.*→.*412 MB/);
  expect(screen.getByRole('button', { name: 'Use the rewrite' })).toBeTruthy();
});

test('what was not run is said in costs, and to be estimated', () => {
  show({ verdict: 'guessed', measured: null });
  expect(card().textContent).toMatch(/estimated, not run.*cost 21,840.*→.*6,112/);
  expect(card().textContent).not.toContain('run just now');
});

test('a slower one says so and is not offered', () => {
  const words = 'The rewrite is slower, so it is not advised.';
  show({ verdict: 'worse', words, measured: { ...gain.measured!, ms: 9_000 } });
  expect(card().textContent).toContain(words);
  expect(card().textContent).toMatch(/4\.31 s.*9\.00 s/);
  expect(screen.queryByRole('button', { name: 'Use the rewrite' })).toBeNull();
});

test('a statement that was stopped took longer than its limit', () => {
  show({ measured: { ...gain.measured!, msBefore: 30_000, beforeStopped: true, touchedBefore: null } });
  expect(card().textContent).toMatch(/over 30 s.*→.*384 ms.*–.*→.*412 MB/);
});

test('what was stopped is not offered to be run once more, and what was planned alone is', () => {
  const check = { kind: 'not_checked' as const, why: 'It was stopped itself.' };
  const unmeasured = { ...REPORT.plan, executionMs: null };
  const offers = (ran: ExplainReport['ran']) => {
    cleanup();
    render(ReportView, { report: { ...REPORT, ran, plan: unmeasured, rewrite: { ...rewrite, check } }, onopen: vi.fn(), onanalyze: vi.fn(), onwithout: vi.fn() });
    return screen.queryByRole('button', { name: 'Analyze to check it' }) !== null;
  };
  expect([offers('read_only'), offers('planned')]).toEqual([false, true]);
});

test('bytes that were not counted are not shown', () => {
  show({ measured: { ...gain.measured!, touchedBefore: null, touched: null } });
  expect(card().textContent).not.toMatch(/[KMG]B/);
});

test('one that gives other rows has no figures', () => {
  show(null);
  expect(screen.queryByRole('region', { name: 'After the rewrite' })).toBeNull();
});

test('its plan is drawn in every form, and the statement’s own again', async () => {
  show({});
  await fireEvent.click(screen.getByRole('button', { name: 'Plan after the rewrite' }));
  expect(screen.getAllByRole('treeitem')).toHaveLength(1);
  await fireEvent.click(within(screen.getByRole('radiogroup')).getByText('Text'));
  expect(screen.getByLabelText('Plan as text').textContent).toBe(gain.shown.text);
  await fireEvent.click(screen.getByRole('button', { name: 'Back to the plan as it was' }));
  expect(screen.getAllByRole('treeitem')).toHaveLength(REPORT.plan.nodes.length);
  await fireEvent.click(within(screen.getByRole('radiogroup')).getByText('Text'));
  expect(screen.getByLabelText('Plan as text').textContent).toBe(REPORT.text);
});
