/** What is measured inside of the page: each function is sent there whole, so that it stands on nothing of this file. */

/** Before the page's own scripts: notes when a window of rows has arrived. */
export function watchWindows() {
  const real = window.fetch.bind(window);
  window.arrivals = [];
  window.fetch = async (input, options) => {
    const response = await real(input, options);
    if (!String(input?.url ?? input).includes('query_rows')) return response;
    // The body is read here, so that its arrival is known and not just that of the head.
    const body = await response.text();
    const { first, count } = JSON.parse(options.body);
    window.arrivals.push({ at: performance.now(), first, end: first + count });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

/** Presses Run, and tells when rows were first painted, when the status said done, and when the last row was painted. */
export async function browsed(rows) {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const visible = (selector) => Array.from(document.querySelectorAll(selector)).find((one) => one.checkVisibility());
  const painted = (row) => visible(`[role="row"][aria-rowindex="${row + 1}"] [role="gridcell"] .cut`) !== undefined;
  const word = () => visible('.runbar')?.textContent ?? '';
  // What stands there of the run before is not what is waited for.
  const stale = visible('[role="grid"]');
  const button = () => Array.from(document.querySelectorAll('button')).find((one) => one.textContent?.trim() === 'Run all' && one.checkVisibility() && !one.disabled && one.getAttribute('aria-disabled') !== 'true');
  while (!button()) await frame();
  const begun = performance.now();
  button().click();
  let [firstMs, completeMs, worstMs, before] = [null, null, 0, begun];
  for (;;) {
    const now = await frame();
    worstMs = Math.max(worstMs, now - before);
    before = now;
    const grid = visible('[role="grid"]');
    if (!grid || grid === stale) continue;
    if (firstMs === null && painted(1)) firstMs = performance.now() - begun;
    if (completeMs === null && /Done/.test(word()) && grid.getAttribute('aria-rowcount') === String(rows + 1)) {
      completeMs = performance.now() - begun;
      grid.focus();
      grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', ctrlKey: true, bubbles: true, cancelable: true }));
    }
    if (completeMs !== null && painted(rows)) return { firstMs, completeMs, lastRowMs: performance.now() - begun, worstMs };
    if (/Failed|lost/.test(word())) throw new Error(document.querySelector('.runbar')?.parentElement?.textContent ?? 'failed');
    if (now - begun > 600_000) throw new Error(`not there after ten minutes: ${word()}`);
  }
}

/** A wheel that turns for some seconds, then the bar dragged from end to end: every frame's length. */
export async function scrolled() {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const grid = Array.from(document.querySelectorAll('[role="grid"]')).find((one) => one.checkVisibility());
  const wheel = () => {
    const event = new WheelEvent('wheel', { deltaY: 240, bubbles: true, cancelable: true });
    // Where the page leaves it to the browser, the browser scrolls.
    if (grid.dispatchEvent(event)) grid.scrollTop += 240;
  };
  const run = async (frames, step) => {
    const lengths = [];
    let before = await frame();
    for (let at = 0; at < frames; at += 1) {
      step(at / frames);
      const now = await frame();
      lengths.push(now - before);
      before = now;
    }
    lengths.sort((a, b) => a - b);
    return { frames, worstMs: Math.round(lengths.at(-1) * 10) / 10, p99Ms: Math.round(lengths[Math.floor(frames * 0.99)] * 10) / 10, middleMs: Math.round(lengths[Math.floor(frames / 2)] * 10) / 10 };
  };
  grid.scrollTop = 0;
  await frame();
  const turned = await run(300, wheel);
  const dragged = await run(300, (share) => (grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight)));
  return { wheel: turned, bar: dragged };
}

/** Jumps to rows anywhere: frames from the arrival of their window to their paint, and milliseconds from the jump. */
export async function jumped() {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const grid = Array.from(document.querySelectorAll('[role="grid"]')).find((one) => one.checkVisibility());
  const waiting = () => grid.querySelector('.sk') !== null;
  const [frames, times] = [[], []];
  for (let jump = 0; jump < 60; jump += 1) {
    await frame();
    window.arrivals.length = 0;
    const begun = performance.now();
    grid.scrollTop = ((jump * 0.618034) % 1) * (grid.scrollHeight - grid.clientHeight);
    const began = [];
    do began.push(await frame());
    while (began.length < 600 && (began.length < 2 || waiting()));
    times.push(performance.now() - begun);
    // Of the windows that came, those that have what is on screen; the last of them counts.
    const rows = Array.from(grid.querySelectorAll('.rows [role="row"]'), (row) => Number(row.getAttribute('aria-rowindex')) - 2);
    const on = window.arrivals.filter(({ first, end }) => first <= Math.max(...rows) && end > Math.min(...rows));
    const arrival = Math.max(...on.map(({ at }) => at));
    if (on.length > 0) frames.push(began.filter((at) => at >= arrival).length);
  }
  times.sort((a, b) => a - b);
  return { jumps: times.length, worstFramesFromArrival: Math.max(...frames), worstMs: Math.round(times.at(-1)), middleMs: Math.round(times[Math.floor(times.length / 2)]) };
}
