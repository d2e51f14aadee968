import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import type { Matrix, MatrixCell, MatrixColumn } from '../wire';
import EnvironmentsView from './EnvironmentsView.svelte';
import { appliedOf, cellWords, driftWords, linesOf } from './matrix.svelte';

const column = (name: string, environment: MatrixColumn['environment'], more: Partial<MatrixColumn> = {}): MatrixColumn => ({ connection: name.toLowerCase(), name, environment, color: null, database: `raaf_${name.toLowerCase()}`, live: true, seenAt: null, why: null, pending: 0, drift: null, driftAt: null, after: null, ...more });
const cell = (state: MatrixCell['state'], more: Partial<MatrixCell> = {}): MatrixCell => ({ state, partial: null, note: null, drift: null, waitsFor: null, ...more });
const COLUMNS = [column('Staging', 'staging'), column('Production', 'production', { after: 'Staging' }), column('Copy', 'other', { live: false, seenAt: '2020-11-19T10:00:00Z', why: 'not open' })];
const HALF = { direction: 'up' as const, done: 3, total: 7, open: null, entry: 'e' };
const MATRIX: Matrix = {
  origin: '/srv/migrations', columns: COLUMNS,
  rows: [
    { version: '1', name: 'one', differs: false, cells: [cell('up'), cell('up'), cell('up')] },
    { version: '2', name: 'two', differs: true, cells: [cell('partial', { partial: HALF }), cell('down', { waitsFor: 'Staging' }), null] },
  ],
};

test('a cell is quiet where all is well, and a wait names whom', () => {
  expect(cellWords(cell('up'), COLUMNS)).toMatchObject({ text: 'up', quiet: true });
  expect(cellWords(cell('partial', { partial: HALF }), COLUMNS)).toMatchObject({ text: 'PARTIAL 3/7', kind: 'failed', quiet: false });
  expect(cellWords(cell('down', { waitsFor: 'Staging' }), COLUMNS)).toMatchObject({ text: 'after STG', icon: 'lock' });
  expect(cellWords(cell('no_file', { waitsFor: 'Staging' }), COLUMNS)).toMatchObject({ text: 'NO FILE' });
  expect(cellWords(null, COLUMNS)).toBeNull();
  expect(cellWords(cell('up', { drift: 1 }), COLUMNS)).toMatchObject({ text: 'up, 1 differs', quiet: false });
});

test('a schema that was never compared is not the same', () => {
  expect(driftWords(undefined, { drift: null })).toBeNull();
  expect(driftWords(undefined, { drift: 0 })).toMatchObject({ text: 'same', quiet: true });
  expect(driftWords(undefined, { drift: 3 })).toMatchObject({ text: '3 differ', quiet: false });
});

test('the newest stands first, and the filters keep what differs or waits', () => {
  const versions = (which: 'all' | 'differ' | 'waiting') => linesOf(MATRIX, which).flatMap((line) => (line.kind === 'version' ? [line.row.version] : []));
  expect([versions('all'), versions('differ'), versions('waiting')]).toEqual([['2', '1'], ['2'], ['2']]);
  expect(appliedOf(MATRIX, 2)).toEqual({ applied: 1, of: 1 });
});

function start(query: Record<string, string> = {}) {
  const transport = new FakeTransport({ migrate_matrix: MATRIX, migrate_drift: { status: { kind: 'same' }, versions: [], differences: [], equivalents: [], fingerprintExpected: null, fingerprintActual: null, tookMs: 3 } });
  const open = vi.fn();
  const tab = { shown: true, setLeaving: vi.fn(), setStatus: vi.fn(), setTitle: vi.fn(), setDirty: vi.fn(), setEnvironment: vi.fn(), close: vi.fn() };
  const connection = { id: 'staging', name: 'Staging', environment: 'staging', database: 'raaf_staging', host: 'h', user: 'u', readOnly: false, serverVersion: '15' };
  render(EnvironmentsView, { client: new Client(transport), connection, params: { path: [], query }, open, tab });
  return { transport, open };
}

test('arrow keys go from cell to cell, Enter opens the migration there', async () => {
  const { open } = start({ row: '2', column: 'staging' });
  const grid = await screen.findByRole('grid', { name: /environments/ });
  await fireEvent.keyDown(grid, { key: 'ArrowRight' });
  expect(open).toHaveBeenLastCalledWith(expect.objectContaining({ query: { row: '2', column: 'production' } }));
  await fireEvent.keyDown(grid, { key: 'Enter' });
  expect(open).toHaveBeenLastCalledWith({ screen: 'migrations', connection: 'staging', path: ['2'] });
});

test('a connection that is not open shows when it was seen, and can be connected', async () => {
  const { transport } = start();
  expect(await screen.findByText('Copy as seen 19 Nov 2020')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
  expect(transport.argsOf('migrate_matrix')).toEqual([{ connection: 'staging', open: false }, { connection: 'staging', open: true }]);
});

test('only open connections are compared with the files', async () => {
  const { transport } = start();
  await fireEvent.click(await screen.findByRole('button', { name: 'Compare schemas' }));
  expect(transport.argsOf('migrate_drift')).toEqual([{ connection: 'staging' }, { connection: 'production' }]);
  expect(await screen.findAllByText('same')).toHaveLength(2);
});
