/**
 * One error class for all that comes back from the backend. The wire form is `ErrorReport`; what is not one
 * (a lost socket, a bug in a transport) becomes one with the code `Internal`, so that screens handle one shape.
 */
export interface ErrorParts {
  code: string;
  message: string;
  hint?: string | null;
  detail?: string | null;
  sqlstate?: string | null;
  position?: number | null;
  object?: unknown;
  retryable?: boolean;
  causes?: string[];
}

export class AppError extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly detail: string | null;
  readonly sqlstate: string | null;
  readonly position: number | null;
  readonly object: string | null;
  readonly retryable: boolean;
  readonly causes: string[];

  constructor(parts: ErrorParts) {
    super(parts.message);
    this.name = 'AppError';
    this.code = parts.code;
    this.hint = parts.hint ?? null;
    this.detail = parts.detail ?? null;
    this.sqlstate = parts.sqlstate ?? null;
    this.position = parts.position ?? null;
    this.object = objectName(parts.object);
    this.retryable = parts.retryable ?? false;
    this.causes = parts.causes ?? [];
  }

  /** Wraps whatever was thrown; an AppError passes through. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (isErrorParts(thrown)) return new AppError(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new AppError({ code: 'internal', message });
  }

  /** Somebody stopped it: said quietly, never as a fault. */
  get cancelled(): boolean {
    return this.is('cancelled');
  }

  /** Codes compare without case or separators: `LockTimeout`, `lockTimeout` and `lock_timeout` are one. */
  is(code: string): boolean {
    return plain(this.code) === plain(code);
  }

  /** The whole report as text, to paste into a message. It holds no password, since the backend never sends one. */
  report(): string {
    const lines: [string, string | number | null][] = [
      ['error', this.message],
      ['code', this.code],
      ['SQLSTATE', this.sqlstate],
      ['object', this.object],
      ['position', this.position],
      ['detail', this.detail],
      ['hint', this.hint],
    ];
    const said = lines.filter(([, value]) => value !== null && value !== '').map(([name, value]) => `${name}: ${value}`);
    return [...said, ...this.causes.map((cause) => `caused by: ${cause}`)].join('\n');
  }
}

const plain = (code: string): string => code.replace(/[^a-z0-9]/gi, '').toLowerCase();

function isErrorParts(value: unknown): value is ErrorParts {
  if (typeof value !== 'object' || value === null) return false;
  const parts = value as Record<string, unknown>;
  return typeof parts.code === 'string' && typeof parts.message === 'string';
}

/** `{ schema, table, column }` in any subset becomes `schema.table.column`. */
function objectName(object: unknown): string | null {
  if (typeof object === 'string') return object || null;
  if (typeof object !== 'object' || object === null) return null;
  const { schema, table, column, constraint, name } = object as Record<string, unknown>;
  const path = [schema, table ?? name, column].filter((part) => typeof part === 'string' && part !== '').join('.');
  const rule = typeof constraint === 'string' && constraint !== '' ? constraint : '';
  return [path, rule].filter(Boolean).join(' ') || null;
}
