import { render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Client } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { caller } from '../calls';
import type { QueryResult } from '../wire';
import FindRow from './FindRow.svelte';
import { Grid } from './grid.svelte';

test('the field takes the focus from whoever asked for it', () => {
  const other = document.body.appendChild(document.createElement('button'));
  other.focus();
  const result = { id: 'r', columns: [], rows: 0 } as unknown as QueryResult;
  render(FindRow, { grid: new Grid(caller(new Client(new FakeTransport())), result), onfound: vi.fn(), onclose: vi.fn() });
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Find in the whole result' }));
  other.remove();
});
