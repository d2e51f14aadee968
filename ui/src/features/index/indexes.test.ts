import { expect, test } from 'vitest';
import { adoptSvg } from './indexes.svelte';

const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${inner}</svg>`;

test('a drawing is adopted as elements', () => {
  const element = adoptSvg(svg('<rect width="5" height="5" fill="#fff"/><text>a &lt;b&gt;</text>'));
  expect(element?.querySelector('rect')?.getAttribute('fill')).toBe('#fff');
  expect(element?.querySelector('text')?.textContent).toBe('a <b>');
});

test('what could run or look elsewhere is refused or taken off', () => {
  expect(adoptSvg(svg('<script>1</script>'))).toBeNull();
  expect(adoptSvg(svg('<foreignObject/>'))).toBeNull();
  expect(adoptSvg('<svg')).toBeNull();
  const element = adoptSvg(svg('<rect onclick="x()" style="fill:red" href="http://x" width="1"/>'));
  expect([...(element?.querySelector('rect')?.attributes ?? [])].map((one) => one.name)).toEqual(['width']);
});
