import { expect, test, vi } from 'vitest';
import { shownTime } from './time';

const inZone = (minutesEast: number) => vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(-minutesEast);

test('the same moment by the local clock, every microsecond kept', () => {
  inZone(120);
  expect(shownTime('2026-09-28 23:59:00.445128+00', 'local')).toBe('2026-09-29 01:59:00.445128+02');
  expect(shownTime('2026-09-28 23:59:00+02', 'utc')).toBe('2026-09-28 21:59:00+00');
});

test('zones of half an hour and of seconds', () => {
  inZone(330);
  expect(shownTime('2026-01-01 00:00:00.000001+00', 'local')).toBe('2026-01-01 05:30:00.000001+05:30');
  expect(shownTime('1880-01-01 00:00:00+00:53:28', 'utc')).toBe('1879-12-31 23:06:32+00');
  inZone(-210);
  expect(shownTime('2026-01-01 00:00:00+00', 'local')).toBe('2025-12-31 20:30:00-03:30');
});

test('a year that JavaScript reads as 19xx is that year', () => {
  inZone(0);
  expect(shownTime('0099-12-31 00:00:00+00', 'utc')).toBe('0099-12-31 00:00:00+00');
});

test('what has no date in JavaScript stays as it came', () => {
  inZone(60);
  for (const text of ['infinity', '-infinity', '0044-03-15 12:00:00+00 BC', '294276-12-31 23:59:59.999999+00', 'nonsense', '']) expect(shownTime(text, 'local')).toBe(text);
});
