import { expect, test } from 'vitest';
import type { ServerFacts } from '$lib/ipc';
import { clock, role, supported } from './server';

const server = (change: Partial<ServerFacts>) => ({ role: 'deploy', superuser: false, roles: [], ...change }) as ServerFacts;

test('a clock that is off is said by how much, and marked where it matters', () => {
  expect(clock(-60)).toEqual({ label: 'Clock', value: 'as this computer’s', kind: undefined });
  expect(clock(-230)).toEqual({ label: 'Clock', value: '0.2 s behind this computer’s', kind: undefined });
  expect(clock(7_000)).toEqual({ label: 'Clock', value: '7.0 s ahead of this computer’s', kind: 'attention' });
});

test('a role is told with what it may look at', () => {
  expect(role(server({}))).toBe('deploy: not superuser');
  expect(role(server({ roles: ['pg_monitor', 'pg_read_all_data'] }))).toBe('deploy: not superuser, member of pg_monitor, pg_read_all_data');
  expect(role(server({ superuser: true }))).toBe('deploy: superuser');
  expect(supported(server({ support: { state: 'maintained', until: '2029-11-08' } }))).toBe(', supported until Nov 2029');
});
