/** Toasts: only for what ended out of sight. They name the object and the gain; errors are never toasts. */
export interface Toast {
  id: number;
  text: string;
  kind: 'ok' | 'attention';
  action?: { label: string; run: () => void };
}

const STAY_MS = 6000;

export class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  show(text: string, options: { kind?: Toast['kind']; action?: Toast['action']; stayMs?: number } = {}): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), { id, text, kind: options.kind ?? 'ok', action: options.action }];
    setTimeout(() => this.close(id), options.stayMs ?? STAY_MS);
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}
