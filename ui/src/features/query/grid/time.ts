/**
 * A timestamp with time zone as PostgreSQL wrote it, or as this machine's clock shows it. Only what is shown changes, never
 * the value: microseconds are carried over as text, and what JavaScript's dates do not reach stays as it came.
 */
const STAMP = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d+)?([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?$/;
const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

export type Clock = 'utc' | 'local';

function momentOf(match: RegExpExecArray): Date {
  const [, year, month, day, hour, minute, second, , sign, oh, om = '0', os = '0'] = match;
  const offset = (Number(oh) * 3600 + Number(om) * 60 + Number(os)) * (sign === '-' ? -1000 : 1000);
  const utc = new Date(0);
  utc.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  utc.setUTCHours(Number(hour), Number(minute), Number(second));
  return new Date(utc.getTime() - offset);
}

function offsetText(minutes: number): string {
  const whole = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(whole / 60))}${whole % 60 === 0 ? '' : `:${pad(whole % 60)}`}`;
}

/** `2026-09-28 03:59:00.445128+00` at the chosen clock; infinity, BC and year 294276 as they came. */
export function shownTime(text: string, clock: Clock): string {
  const match = STAMP.exec(text);
  if (!match) return text;
  const moment = momentOf(match);
  if (Number.isNaN(moment.getTime())) return text;
  const fraction = match[7] ?? '';
  const shift = clock === 'utc' ? 0 : -moment.getTimezoneOffset();
  const there = new Date(moment.getTime() + shift * 60_000);
  if (Number.isNaN(there.getTime())) return text;
  const day = `${pad(there.getUTCFullYear(), 4)}-${pad(there.getUTCMonth() + 1)}-${pad(there.getUTCDate())}`;
  return `${day} ${pad(there.getUTCHours())}:${pad(there.getUTCMinutes())}:${pad(there.getUTCSeconds())}${fraction}${offsetText(shift)}`;
}

/** "UTC+2", for the switch. */
export function localName(now = new Date()): string {
  const minutes = -now.getTimezoneOffset();
  return minutes === 0 ? 'UTC' : `UTC${offsetText(minutes).replace(/^([+-])0/, '$1')}`;
}
