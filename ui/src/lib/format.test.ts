import { describe, expect, test } from 'vitest';
import { count, cutMiddle, duration, elapsed, moment, number, percent, percentChange, plural, score, scoreChange, size, stamp } from './format';

describe('counts', () => {
  test.each([
    [1234567, '1,234,567'],
    [0, '0'],
    [-3, '−3'],
    ['9007199254740993', '9,007,199,254,740,993'],
    [12345678901234567890n, '12,345,678,901,234,567,890'],
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
    ['not a number', 'not a number'],
  ])('%s is written %s', (value, text) => expect(count(value)).toBe(text));

  test('one and many', () => {
    expect(plural(1, 'run')).toBe('1 run');
    expect(plural(2000, 'run')).toBe('2,000 runs');
    expect(plural(2, 'index', 'indexes')).toBe('2 indexes');
  });
});

describe('sizes have three digits at most, base 1,024', () => {
  test.each([
    [412, '412 B'],
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 KB'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [318 * 1024 ** 2, '318 MB'],
    [3.4 * 1024 ** 3, '3.4 GB'],
    [1023.7 * 1024 ** 2, '1 GB'],
    [99.96 * 1024, '100 KB'],
    [-2048, '−2 KB'],
    [null, '–'],
  ])('%s is written %s', (bytes, text) => expect(size(bytes)).toBe(text));
});

describe('spans of time', () => {
  test.each([
    [31, '31 ms'],
    [0.4, 'under 1 ms'],
    [999.6, '1.00 s'],
    [1420, '1.42 s'],
    [12_340, '12.3 s'],
    [59_970, '1 min'],
    [160_000, '2 min 40 s'],
    [124_000, '2 min 04 s'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
    [3 * 86_400_000, '3 days'],
    [9.2 * 86_400_000, '9 days'],
    [-1420, '−1.42 s'],
    [null, '–'],
  ])('%s ms is written %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

  test('what ticks shows whole seconds', () => {
    expect(elapsed(2900)).toBe('2 s');
    expect(elapsed(252_000)).toBe('4 min 12 s');
  });
});

describe('scores and changes', () => {
  test('a true minus sign, flat within the noise, a dash for nothing', () => {
    expect(score(0.8471)).toBe('0.847');
    expect(score(-0.5, 1)).toBe('−0.5');
    expect(scoreChange(0.031)).toBe('+0.031');
    expect(scoreChange(-0.062)).toBe('−0.062');
    expect(scoreChange(0.004, { noise: 0.01 })).toBe('flat');
    expect(scoreChange(0.0001)).toBe('0.000');
    expect(scoreChange(null)).toBe('–');
  });

  test('a change of a quantity has one decimal and a space', () => {
    expect(percentChange(0.31)).toBe('+31.0 %');
    expect(percentChange(-0.034)).toBe('−3.4 %');
    expect(percentChange(0)).toBe('0.0 %');
    expect(percentChange(0.001, 0.01)).toBe('flat');
  });

  test('a share never rounds to all or nothing', () => {
    expect(percent(0.992, 1)).toBe('99.2 %');
    expect(percent(1)).toBe('100 %');
    expect(percent(0.9999)).toBe('99 %');
    expect(percent(0.0001)).toBe('under 1 %');
    expect(percent(0)).toBe('0 %');
    expect(number(-1234.567)).toBe('−1,234.57');
  });
});

describe('moments', () => {
  const now = new Date(2026, 10, 22, 14, 31, 8);

  test.each([
    [new Date(2026, 10, 22, 9, 5), '09:05'],
    [new Date(2026, 10, 21, 23, 59), 'yesterday'],
    [new Date(2026, 10, 19, 1, 0), '19 Nov'],
    [new Date(2024, 1, 29, 12, 0), '29 Feb 2024'],
    [null, '–'],
    ['infinity', 'infinity'],
  ])('%s is written %s', (value, text) => expect(moment(value, now)).toBe(text));

  test('stamps', () => {
    expect(stamp(now)).toBe('2026-11-22 14:31:08');
    expect(stamp('2026-11-22 14:31:08+00')).toMatch(/^2026-11-2\d \d\d:31:08$/);
  });
});

test('a long name is cut in its middle, by whole characters', () => {
  expect(cutMiddle('short', 10)).toBe('short');
  expect(cutMiddle('index_evaluation_spans_on_span_data', 11)).toBe('index…_data');
  expect(Array.from(cutMiddle('😀'.repeat(20), 5))).toHaveLength(5);
});
