/** How numbers, sizes, times and names are written (the design language's section 7). English, one locale. */
const MINUS = '\u2212';
export const DASH = '\u2013';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1,234,567. Text of digits (int8 on the wire) is grouped without passing through a float. */
export function count(value: number | bigint | string | null | undefined): string {
  if (value === null || value === undefined || value === '') return DASH;
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? count(BigInt(value)) : value;
  if (typeof value === 'number' && !Number.isFinite(value)) return DASH;
  return grouped.format(value).replace('-', MINUS);
}

/** "1 run", "2 runs". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${Math.abs(value) === 1 ? one : many}`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** 412 B, 318 MB, 3.4 GB: base 1,024, three digits at most. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return DASH;
  const sign = bytes < 0 ? MINUS : '';
  let value = Math.abs(bytes);
  let unit = 0;
  // 999.5 would round to four digits, so it moves on to the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  const text = value.toFixed(digits).replace(/\.0$/, '');
  return `${sign}${text} ${UNITS[unit]}`;
}

/** 31 ms, 1.42 s, 2 min 40 s, 3 h 5 min, 3 days. */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return DASH;
  if (milliseconds < 0) return `${MINUS}${duration(-milliseconds)}`;
  if (milliseconds < 1) return milliseconds === 0 ? '0 ms' : 'under 1 ms';
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds < 9.995 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  return longDuration(Math.round(seconds));
}

function longDuration(seconds: number): string {
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86400)];
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's');
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min');
  if (days < 4) return two(days, days === 1 ? 'day' : 'days', hours % 24, 'h');
  return `${count(days)} days`;
}

const two = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${String(small).padStart(smallUnit === 's' ? 2 : 1, '0')} ${smallUnit}`;

/** Elapsed time that ticks: whole seconds, so that it does not flicker. */
export function elapsed(milliseconds: number): string {
  return milliseconds < 60_000 ? `${Math.floor(Math.max(0, milliseconds) / 1000)} s` : duration(milliseconds);
}

/** A score: three decimals by default, true minus. */
export function score(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  return value.toFixed(digits).replace('-', MINUS);
}

/** Change of a score: +0.031, −0.062; within the metric's noise it says flat. */
export function scoreChange(value: number | null | undefined, options: { digits?: number; noise?: number } = {}): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  if (Math.abs(value) < (options.noise ?? 0)) return 'flat';
  return signed(value, options.digits ?? 3);
}

/** Change of a quantity as a ratio (0.31 is +31.0 %): one decimal, a space before the sign. */
export function percentChange(ratio: number | null | undefined, noise = 0): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return DASH;
  if (Math.abs(ratio) < noise) return 'flat';
  return `${signed(ratio * 100, 1)} %`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? MINUS : '+') + text;
}

/** A share of a whole (0.992 is 99.2 %). Never rounds up to 100 or down to 0 what is not. */
export function percent(ratio: number | null | undefined, digits = 0): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return DASH;
  const value = ratio * 100;
  const step = 10 ** -digits;
  if (value > 0 && value < step / 2) return `under ${step} %`;
  const text = value < 100 && Number(value.toFixed(digits)) >= 100 ? (100 - step).toFixed(digits) : value.toFixed(digits);
  return `${text.replace('-', MINUS)} %`;
}

/** A number with up to `digits` decimals, grouped, true minus. */
export function number(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits }).replace('-', MINUS);
}

/** "11 of 15". */
export const ofAll = (part: number, whole: number): string => `${count(part)} of ${count(whole)}`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number): string => String(value).padStart(2, '0');

/** Reads an ISO stamp; Postgres' own `2026-11-22 14:31:08.12+00` works too. Null when it is neither. */
export function parseMoment(value: string | number | Date | null | undefined): Date | null {
  if (value === null || value === undefined || value === '') return null;
  const text = typeof value === 'string' ? value.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00') : value;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** 14:31, yesterday, 19 Nov, 19 Nov 2024. What can't be read is shown as it came. */
export function moment(value: string | number | Date | null | undefined, now: Date = new Date()): string {
  const date = parseMoment(value);
  if (date === null) return value ? String(value) : DASH;
  const days = dayNumber(now) - dayNumber(date);
  if (days === 0) return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  if (days === 1) return 'yesterday';
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === now.getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

const dayNumber = (date: Date): number =>
  Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);

/** The whole stamp, for titles: 2026-11-22 14:31:08 (local time). */
export function stamp(value: string | number | Date | null | undefined): string {
  const date = parseMoment(value);
  if (date === null) return value ? String(value) : '';
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Cuts a long name in its middle; both ends carry meaning. Counts code points, so no emoji is split. */
export function cutMiddle(text: string, most: number): string {
  const points = Array.from(text);
  if (points.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${points.slice(0, head).join('')}…${points.slice(points.length - (most - 1 - head)).join('')}`;
}
