// Times and durations as text.

const units: readonly [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

// At most the two largest units: "2 d 3 h", "1 min 5 s", "0.4 s".
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return seconds === 0 ? '0 s' : `${Math.max(0.1, Math.round(seconds * 10) / 10)} s`;
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break; // "1 d 5 s" pretends to a precision that nobody wants
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

// "14:03:22" of today, "21 Nov 14:03" of this year, else "2025-11-21 14:03"; local time.
export function timeText(time: Date, now: Date): string {
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  if (time.toDateString() === now.toDateString()) return `${clock}:${pad(time.getSeconds())}`;
  if (time.getFullYear() === now.getFullYear()) {
    return `${time.getDate()} ${months[time.getMonth()]} ${clock}`;
  }
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// "2026-11-22 21:22:32.123 UTC", for the tooltip.
export function utcText(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', ' UTC');
}

// A count with thin groups, "1 000 000", and no locale's comma that another locale reads as a point.
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

// Never "100 %" before all is done, nor "0 %" when something is.
export function percentText(part: number, whole: number): string {
  const percent = percentOf(part, whole);
  if (percent > 0 && percent < 1) return '< 1 %';
  return `${percent < 100 ? Math.floor(percent) : 100} %`;
}
