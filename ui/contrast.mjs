// node contrast.mjs [-v]  reads tokens.css and checks every pair that the parts use.
// Text needs 4.5:1 (WCAG 2.2 AA), lines, marks and chart series 3:1. Exit 1 when one falls short.
import fs from 'node:fs';
const css = fs.readFileSync(new URL('./src/lib/styles/tokens.css', import.meta.url), 'utf8');
const block = start => Object.fromEntries([...css.slice(css.indexOf(start)).split('}')[0].matchAll(/--ed-([\w-]+):\s*(#[0-9a-f]{6})/g)].map(m => [m[1], m[2]]));
const themes = { light: block(':root, [data-theme="light"]'), dark: block('\n[data-theme="dark"]') };
const lin = h => [1, 3, 5].map(k => parseInt(h.slice(k, k + 2), 16) / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
const lum = h => { const [r, g, b] = lin(h); return .2126 * r + .7152 * g + .0722 * b; };
const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
const surfaces = ['paper', 'chrome', 'sunken', 'raised', 'hover', 'selected'];
const soft = ['ok', 'attention', 'failed', 'running', 'skipped', 'unknown', 'improved', 'regressed', 'env-development', 'env-test', 'env-staging', 'env-production', 'env-other'];
const text = [
  ...['ink', 'ink-2', 'ink-3'].flatMap(f => [...surfaces, 'selected-quiet', ...(f === 'ink-3' ? [] : soft.map(s => s + '-soft'))].map(b => [f, b])),
  ...['accent-ink', 'flat', ...soft].flatMap(f => surfaces.map(b => [f, b])),
  ...soft.map(s => [s, s + '-soft']), ...['ok', 'attention', 'failed', 'skipped'].map(s => ['accent-ink', s + '-soft']), ['ink', 'accent-soft'], ['ink-2', 'accent-soft'],
  ['on-accent', 'accent'], ['on-danger', 'danger'], ['on-env', 'env-production-fill'], ['diff-add-ink', 'diff-add'], ['diff-del-ink', 'diff-del'],
  ...['keyword', 'string', 'number', 'comment', 'func', 'key'].flatMap(c => ['paper', 'sunken'].map(b => ['syn-' + c, b])),
].map(p => [...p, 4.5]);
const marks = [
  ...['cat-1', 'cat-2', 'cat-3', 'cat-4', 'cat-5', 'cat-6', 'cat-base', 'div-w3', 'div-w2', 'div-b2', 'div-b3', 'edge', 'accent'].map(f => [f, 'paper']),
  ['accent', 'chrome'], ['env-production-fill', 'chrome'],
].map(p => [...p, 3]);
// Colour-blind separation: Machado 2009 at full severity, distance in Lab.
const sight = { normal: [1, 0, 0, 0, 1, 0, 0, 0, 1], protan: [.152286, 1.052583, -.204868, .114503, .786281, .099216, -.003882, -.048116, 1.051998], deutan: [.367322, .860646, -.227968, .280085, .672501, .047413, -.01182, .04294, .968881], tritan: [1.255528, -.076749, -.178779, -.078411, .930809, .147602, .004733, .691367, .3039] };
const lab = ([r, g, b]) => { const f = t => t > .008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116; const [x, y, z] = [(.4124 * r + .3576 * g + .1805 * b) / .95047, .2126 * r + .7152 * g + .0722 * b, (.0193 * r + .1192 * g + .9505 * b) / 1.08883].map(f); return [116 * y - 16, 500 * (x - y), 200 * (y - z)]; };
const seen = (h, m) => { const [r, g, b] = lin(h); return lab([0, 3, 6].map(k => Math.min(1, Math.max(0, m[k] * r + m[k + 1] * g + m[k + 2] * b)))); };
const apart = (a, b, m) => { const [x, y] = [seen(a, m), seen(b, m)]; return Math.hypot(...x.map((v, k) => v - y[k])); };
let short = 0;
for (const [name, t] of Object.entries(themes)) {
  const rows = [...text, ...marks].map(([f, b, min]) => { if (!t[f] || !t[b]) throw new Error(`no token ${f} or ${b}`); return { f, b, min, r: ratio(t[f], t[b]) }; });
  for (const x of rows) { if (x.r < x.min) { short++; console.log(`SHORT ${name} ${x.f} on ${x.b}: ${x.r.toFixed(2)} < ${x.min}`); } else if (process.argv[2] === '-v') console.log(`${name} ${x.f} on ${x.b}: ${x.r.toFixed(2)}`); }
  const low = min => rows.filter(x => x.min === min).sort((a, b) => a.r - b.r).slice(0, 3).map(x => `${x.f} on ${x.b} ${x.r.toFixed(2)}`).join(', ');
  console.log(`${name}: ${rows.length} pairs; lowest text ${low(4.5)}; lowest marks ${low(3)}`);
  const series = [1, 2, 3, 4, 5, 6].map(k => 'cat-' + k);
  for (const [s, m] of Object.entries(sight)) {
    let near = [Infinity]; series.forEach((a, i) => series.slice(i + 1).forEach(b => { const d = apart(t[a], t[b], m); if (d < near[0]) near = [d, a, b]; }));
    console.log(`  ${s}: closest series ${near[1]} and ${near[2]} at ${near[0].toFixed(0)}; improved from regressed ${apart(t.improved, t.regressed, m).toFixed(0)}`);
  }
}
process.exit(short ? 1 : 0);
