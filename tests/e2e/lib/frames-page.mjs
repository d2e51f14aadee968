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

/**
 * Presses Run, and tells when rows were first painted, when the status said done, and when the last row was painted. The
 * page is left alone meanwhile: asking for every frame would take from the rows what a person's window does not.
 */
export async function browsed(rows) {
  const visible = (selector) => Array.from(document.querySelectorAll(selector)).find((one) => one.checkVisibility());
  const cell = (row) => visible('[role="grid"]')?.querySelector(`[role="row"][aria-rowindex="${row + 1}"] [role="gridcell"] .cut`);
  const word = () => visible('.runbar')?.textContent ?? '';
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun), 0)));
  /** Resolves when it holds: looked at whenever the page has changed. */
  const until = (holds) =>
    new Promise((done, failed) => {
      const over = (end, value) => (observer.disconnect(), clearTimeout(late), end(value));
      const look = () => {
        if (/Failed|lost/.test(word())) over(failed, new Error(document.querySelector('.runbar')?.parentElement?.textContent ?? 'failed'));
        else if (holds()) over(done);
      };
      const observer = new MutationObserver(look);
      const late = setTimeout(() => over(failed, new Error(`not there after ten minutes: ${word()}`)), 600_000);
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      look();
    });
  const button = () => Array.from(document.querySelectorAll('button')).find((one) => one.textContent?.trim() === 'Run all' && one.checkVisibility() && !one.disabled && one.getAttribute('aria-disabled') !== 'true');
  // What stands there of the run before is not what is waited for.
  const stale = visible('[role="grid"]');
  const fresh = () => visible('[role="grid"]') !== stale;
  while (!button()) await new Promise((done) => setTimeout(done, 20));
  const begun = performance.now();
  button().click();
  await until(() => fresh() && cell(1));
  const firstMs = await painted();
  await until(() => /Done/.test(word()) && visible('[role="grid"]')?.getAttribute('aria-rowcount') === String(rows + 1));
  const completeMs = performance.now() - begun;
  const grid = visible('[role="grid"]');
  grid.focus();
  grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', ctrlKey: true, bubbles: true, cancelable: true }));
  await until(() => cell(rows));
  return { firstMs, completeMs, lastRowMs: await painted() };
}

/** The longest of all frames from Run until the status says done. */
export async function framed() {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const visible = (selector) => Array.from(document.querySelectorAll(selector)).find((one) => one.checkVisibility());
  const over = () => /Done|Failed|lost/.test(visible('.runbar')?.textContent ?? '');
  const button = () => Array.from(document.querySelectorAll('button')).find((one) => one.textContent?.trim() === 'Run all' && one.checkVisibility() && !one.disabled && one.getAttribute('aria-disabled') !== 'true');
  while (!button()) await frame();
  button().click();
  let [worstMs, before, begun] = [0, await frame(), false];
  while (!begun || !over()) {
    const now = await frame();
    worstMs = Math.max(worstMs, now - before);
    before = now;
    begun ||= !over();
  }
  return worstMs;
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
