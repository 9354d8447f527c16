/** The time beside a line. */

export type TimeShown = 'none' | 'relative' | 'absolute';

/** `12.345` seconds since `start`, or the time of day on this machine; null where none is wanted. */
export function lineTime(shown: TimeShown, at: number, start: number | null): string | null {
  if (shown === 'none') return null;
  if (shown === 'absolute') return timeOfDay(at);
  return start === null ? '' : sinceStart(Math.max(0, at - start));
}

function sinceStart(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 60;
  const minutes = Math.floor(ms / 60_000) % 60;
  const hours = Math.floor(ms / 3_600_000);
  const rest = `${pad(seconds, hours + minutes > 0 ? 2 : 1)}.${pad(Math.floor(ms) % 1000, 3)}`;
  if (hours > 0) return `${hours}:${pad(minutes, 2)}:${rest}`;
  return minutes > 0 ? `${minutes}:${rest}` : rest;
}

function timeOfDay(at: number): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2));
  return `${parts.join(':')}.${pad(date.getMilliseconds(), 3)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
