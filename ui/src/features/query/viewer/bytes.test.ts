import { expect, test } from 'vitest';
import { bytesOf, hexLine, imageType } from './bytes';

test('hex is read as bytes; what is none is none', () => {
  expect(bytesOf('\\x00ff10')).toEqual(new Uint8Array([0, 255, 16]));
  expect(bytesOf('\\x')).toEqual(new Uint8Array([]));
  expect([bytesOf('\\x0'), bytesOf('plain'), bytesOf('\\xzz')]).toEqual([null, null, null]);
});

test('an image is known by its first bytes, and a document is no image', () => {
  const of = (hex: string) => imageType(bytesOf(`\\x${hex}`) ?? new Uint8Array());
  expect([of('89504e470d0a1a0a00'), of('ffd8ffe0'), of('474946383961'), of('524946460000000057454250')]).toEqual(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
  expect([of('3c737667'), of(''), of('5249464600000000')]).toEqual([null, null, null]);
});

test('a dump shows place, bytes and what can be read of them', () => {
  expect(hexLine(new Uint8Array([72, 105, 0, 255]), 0)).toEqual({ at: 0, hex: '48 69 00 ff', text: 'Hi··' });
});
