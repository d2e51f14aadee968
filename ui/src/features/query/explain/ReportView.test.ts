import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import type { ExplainReport } from '$lib/ipc';
import ReportView from './ReportView.svelte';
import { PLANNED, REPORT } from './sample';

function show(report: ExplainReport) {
  const [onopen, onanalyze, onwithout] = [vi.fn(), vi.fn(), vi.fn()];
  const { container } = render(ReportView, { report, onopen, onanalyze, onwithout });
  return { container, onopen, onanalyze, onwithout };
}

test('the tree opens on the costliest node, with its level and what it says', () => {
  show(REPORT);
  const chosen = screen.getByRole('treeitem', { selected: true });
  expect(chosen.getAttribute('aria-level')).toBe('4');
  expect(chosen.getAttribute('aria-label')).toContain('Parallel Seq Scan on evaluation_results, evaluation_results r, slow, 2.91 s of its own, 68 %');
  expect(screen.getByRole('region', { name: 'The chosen node' }).textContent).toContain("'regression_detected'::text");
});

test('arrows walk the tree, and a branch is closed and opened', async () => {
  show(REPORT);
  const tree = screen.getByRole('tree');
  await fireEvent.keyDown(tree, { key: 'ArrowLeft' });
  expect(screen.getByRole('treeitem', { selected: true }).getAttribute('aria-level')).toBe('3');
  await fireEvent.keyDown(tree, { key: 'ArrowLeft' });
  expect(screen.getAllByRole('treeitem')).toHaveLength(3);
  await fireEvent.keyDown(tree, { key: 'ArrowRight' });
  await fireEvent.keyDown(tree, { key: 'End' });
  expect(screen.getByRole('treeitem', { selected: true }).getAttribute('aria-label')).toContain('Index Scan');
});

test('a checked rewrite can be used, and goes to a tab as it is', async () => {
  const { onopen } = show(REPORT);
  expect(screen.getByText('same 84,912 rows, checked')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Use the rewrite' }));
  expect(onopen).toHaveBeenCalledWith(REPORT.rewrite?.sql);
});

test('a rewrite that gives other rows, or was not checked, cannot be used', () => {
  const check = { kind: 'different' as const, rows: 80, rewritten: 40 };
  show({ ...REPORT, rewrite: { ...REPORT.rewrite!, check } });
  expect(screen.queryByRole('button', { name: 'Use the rewrite' })).toBeNull();
  expect(screen.getByText(/it gives 40 rows instead of 80 rows/)).toBeTruthy();
});

test('an index for the order of the rewrite stands beside it, and was shown to the planner', () => {
  show(REPORT);
  expect(screen.getByRole('heading', { name: 'And an index for the order' })).toBeTruthy();
  expect(screen.getByText(/About 3 MB. With HypoPG the planner takes it: cost 21,840 to 6,112/)).toBeTruthy();
  cleanup();
  const indexes = REPORT.indexes.map((one) => ({ ...one, purpose: 'filter' as const, rewritten: false, check: { kind: 'notChecked' as const, why: 'HypoPG is not installed in this database.' } }));
  show({ ...REPORT, rewrite: null, indexes });
  expect(screen.getByRole('heading', { name: 'An index for the filter' })).toBeTruthy();
  expect(screen.getByText(/Not checked: HypoPG is not installed/)).toBeTruthy();
});

test('a plan alone shows costs, and running it is a verb', async () => {
  const { onanalyze } = show(PLANNED);
  expect(screen.getByText('planned, not run')).toBeTruthy();
  expect(screen.queryByText('Off by')).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Analyze' }));
  expect(onanalyze).toHaveBeenCalled();
});

test('names of objects are text, whatever is in them', () => {
  const name = '<img src=x onerror="alert(1)"><script>alert(2)</script> "q" 😀\nline';
  const nodes = REPORT.plan.nodes.map((one) => ({ ...one, relation: name, alias: name, detail: name, name: `Seq Scan ${name}`, conditions: [{ label: 'Filter', text: `("${name}" = 1)` }], facts: [{ label: `Label ${name}`, value: name }] }));
  const warnings = REPORT.warnings.map((one) => ({ ...one, title: name, text: name, sql: `-- ${name}` }));
  const indexes = REPORT.indexes.map((one) => ({ ...one, sql: `create index on "${name}" (a)`, why: name }));
  const hostile: ExplainReport = { ...REPORT, notes: [name], warnings, indexes, text: name, json: JSON.stringify([name]), plan: { ...REPORT.plan, nodes, settings: [{ label: name, value: name }] } };
  const { container } = show(hostile);
  expect(container.querySelectorAll('script, img')).toHaveLength(0);
  expect(screen.getAllByRole('treeitem')[0]?.textContent).toContain('<script>alert(2)</script>');
});

test('text and JSON are shown as they are', async () => {
  show(REPORT);
  await fireEvent.click(within(screen.getByRole('radiogroup')).getByText('Text'));
  expect(screen.getByLabelText('Plan as text').textContent).toBe(REPORT.text);
  await fireEvent.click(within(screen.getByRole('radiogroup')).getByText('JSON'));
  expect(screen.getByLabelText('Plan as JSON').textContent).toContain('Gather Merge');
});
