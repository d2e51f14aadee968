import { expect, test, vi } from 'vitest';
import { Client, type ConnectionProfile } from '$lib/ipc';
import { FakeTransport } from '$lib/ipc/fake';
import { formatAddress, passwordIn } from './address';
import { NEW_PROFILE } from './defaults';
import { Draft } from './draft.svelte';

const PARSED: ConnectionProfile = {
  ...NEW_PROFILE, name: 'eval on db', host: 'db.internal', port: 6432, database: 'eval', user: 'deploy', environment: 'production', tls: 'require',
};
const draftOf = (profile = NEW_PROFILE, hasPassword = false) => {
  const transport = new FakeTransport({ connection_parse_url: { profile: PARSED, hasPassword } });
  return new Draft(new Client(transport), profile);
};

test('fields follow the address', async () => {
  const draft = draftOf();
  draft.address = 'postgresql://deploy@db.internal:6432/eval?sslmode=require';
  await draft.addressLeft();
  expect(draft).toMatchObject({ host: 'db.internal', port: '6432', database: 'eval', user: 'deploy', tls: 'require', name: 'eval on db' });
});

test('a production address opens read-only', async () => {
  const draft = draftOf();
  draft.address = 'postgresql://db.internal/eval';
  await draft.addressLeft();
  expect([draft.environment, draft.writeMode, draft.readOnly]).toEqual(['production', 'read_only', false]);
});

test('a password in the address moves to its own field', async () => {
  const draft = draftOf(NEW_PROFILE, true);
  draft.address = 'postgresql://deploy:p%40ss@db.internal:6432/eval';
  await draft.addressLeft();
  expect(draft.password).toBe('p@ss');
  expect(draft.address).not.toContain('p%40ss');
  expect(draft.arguments().password).toBe('p@ss');
});

test('an address that cannot be read says why and changes nothing', async () => {
  const transport = new FakeTransport({ connection_parse_url: () => Promise.reject({ code: 'invalid_arguments', message: 'the URL starts with http://' }) });
  const draft = new Draft(new Client(transport), PARSED);
  draft.address = 'http://x';
  await draft.addressLeft();
  expect(draft.addressError?.message).toBe('the URL starts with http://');
  expect(draft.host).toBe('db.internal');
});

test('the address follows the fields', () => {
  const draft = draftOf(PARSED);
  draft.port = '5432';
  draft.fieldsChanged();
  expect(draft.address).toBe('postgresql://deploy@db.internal:5432/eval?sslmode=require');
});

test('it knows what is unsaved', () => {
  const draft = draftOf({ ...PARSED, id: '1' });
  expect(draft.dirty).toBe(false);
  draft.password = 'x';
  expect(draft.dirty).toBe(true);
  draft.take({ ...PARSED, id: '1' });
  expect(draft.dirty).toBe(false);
});

test('what can never connect is named by its field', () => {
  const draft = draftOf();
  draft.port = '70000';
  expect(draft.problems()).toEqual({ name: 'Fill in the name', database: 'Fill in the database', user: 'Fill in the user', port: 'From 1 to 65535' });
});

test('sockets, IPv6 and odd names have an address too', () => {
  expect(formatAddress({ ...PARSED, host: '/run/postgresql' })).toBe('postgresql://deploy@/eval?host=/run/postgresql&port=6432&sslmode=require');
  expect(formatAddress({ ...PARSED, host: '::1' })).toContain('@[::1]:6432/');
  expect(formatAddress({ ...PARSED, database: 'a/b' })).toContain('/a%2Fb?');
  expect(passwordIn('nonsense')).toBeNull();
});

test('a name that a person gave is kept', async () => {
  const draft = draftOf();
  draft.name = 'Ours';
  draft.address = 'postgresql://db.internal/eval';
  await draft.addressLeft();
  expect(draft.name).toBe('Ours');
});

test('while it is typed the fields follow, and the address is left alone', async () => {
  vi.useFakeTimers();
  const draft = draftOf();
  draft.address = 'postgresql://u:secret@db.internal/eval';
  draft.addressChanged();
  expect(draft.host).toBe('localhost');
  await vi.advanceTimersByTimeAsync(300);
  expect(draft.host).toBe('db.internal');
  expect(draft.address).toBe('postgresql://u:secret@db.internal/eval');
  expect(draft.arguments().password).toBe('secret');
  expect(draft.address).not.toContain('secret');
  vi.useRealTimers();
});

test('an address that is still being typed is unsaved work', () => {
  const draft = draftOf();
  expect(draft.dirty).toBe(false);
  draft.address = 'postgresql://dep';
  expect(draft.dirty).toBe(true);
  draft.address = '';
  expect(draft.dirty).toBe(false);
});

test('how it is migrated is kept, blanks count as nothing', () => {
  const draft = draftOf({ ...PARSED, id: '1' });
  draft.migrations = { folder: ' /srv/app/migrations ', rake: '  ', ownSchema: true, after: 'stg' };
  expect(draft.dirty).toBe(true);
  expect(draft.profile().migrations).toEqual({ folder: '/srv/app/migrations', rake: null, ownSchema: true, after: 'stg' });
  draft.take(draft.profile());
  expect(draft.dirty).toBe(false);
});

test('what the address names is not proposed otherwise', async () => {
  const draft = draftOf();
  draft.address = 'postgresql://db.internal/eval?sslmode=require';
  await draft.addressLeft();
  expect([draft.tls, draft.tlsProposed]).toEqual(['require', false]);
});

test('a tunnel and a command are asked for where they are chosen', () => {
  const draft = draftOf(PARSED);
  draft.ssh = { host: ' ', port: null, user: null, auth: 'agent', keyFile: null, jump: [], secretPolicy: 'keyring' };
  draft.secretPolicy = 'command';
  expect(draft.problems()).toEqual({ command: 'Name the command', ssh: 'Name the SSH server' });
});

test('a command that is not chosen is not saved', () => {
  const draft = draftOf({ ...PARSED, secretPolicy: 'command', passwordCommand: 'pass show x' });
  expect(draft.profile().passwordCommand).toBe('pass show x');
  draft.secretPolicy = 'keyring';
  expect(draft.profile().passwordCommand).toBeNull();
});
