import { expect, test } from 'vitest';
import sprite from './icons.svg?raw';
import { ICON_NAMES } from './icons';

test('every name has its glyph, and every glyph its name', () => {
  const drawn = Array.from(sprite.matchAll(/<symbol id="ed-(\w+)"/g), (found) => found[1]);
  expect([...ICON_NAMES]).toEqual(drawn);
});
