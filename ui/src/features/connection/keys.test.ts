import { expect, test } from 'vitest';
import { AppError } from '$lib/ipc';
import { keysOf } from './keys';

const error = (code: string, detail: string | null) => AppError.from({ code, message: 'x', hint: null, detail, sqlstate: null, position: null, object: null, retryable: false, causes: [] });

test('both fingerprints are taken from a refusal, and from nothing else', () => {
  expect(keysOf(error('refused', 'known SHA256:a+/b\nshown SHA256:c\nin /home/me/.ssh/known_hosts, line 3'))).toEqual({ known: 'SHA256:a+/b', shown: 'SHA256:c', place: '/home/me/.ssh/known_hosts, line 3' });
  expect(keysOf(error('refused', 'something else'))).toBeNull();
  expect(keysOf(error('unknown_host_key', 'SHA256:c'))).toBeNull();
  expect(keysOf(null)).toBeNull();
});
