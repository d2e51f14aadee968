/** Whether the window is narrow: under 1100 px second-rank columns and side panes leave. */
export const NARROW = '(max-width: 1099.98px)';

class Viewport {
  narrow = $state(false);

  constructor() {
    if (typeof window === 'undefined' || !window.matchMedia) return;
    const query = window.matchMedia(NARROW);
    this.narrow = query.matches;
    query.addEventListener('change', () => (this.narrow = query.matches));
  }
}

export const viewport = new Viewport();
