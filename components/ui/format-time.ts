/** A time zone by its IANA name, with the short name that people here use for it. */
export type Zone = { id: string; label: string };

export const UTC: Zone = { id: 'UTC', label: 'UTC' };

const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(ms: number, zone: Zone): Record<string, string> {
  let formatter = formatters.get(zone.id);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone.id,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    });
    formatters.set(zone.id, formatter);
  }
  const found: Record<string, string> = {};
  for (const part of formatter.formatToParts(ms)) found[part.type] = part.value;
  // English writes "Sept" in some data versions; three letters everywhere keep columns straight.
  found.month = (found.month ?? '').slice(0, 3);
  return found;
}

/**
 * An instant (milliseconds since 1970) in words, its zone always named:
 * `date` `20 Nov 2026` · `clock` `14:05:25 IST` · `minute` `20 Nov 2026, 14:05 IST` · `second` `20 Nov 2026, 14:05:25 IST`
 * · `milli` `20 Nov 2026, 14:05:25.412 IST`. An instant that is none gives `unknown time`.
 */
export function formatInstant(
  ms: number,
  zone: Zone,
  precision: 'date' | 'clock' | 'minute' | 'second' | 'milli' = 'second',
): string {
  if (!isInstant(ms)) return 'unknown time';
  const p = parts(ms, zone);
  const date = `${p.day} ${p.month} ${p.year}`;
  const second = `${p.hour}:${p.minute}:${p.second}`;
  switch (precision) {
    case 'date':
      return date;
    case 'clock':
      return `${second} ${zone.label}`;
    case 'minute':
      return `${date}, ${p.hour}:${p.minute} ${zone.label}`;
    case 'second':
      return `${date}, ${second} ${zone.label}`;
    case 'milli':
      return `${date}, ${second}.${p.fractionalSecond} ${zone.label}`;
  }
}

/** Distance from now in words: `just now`, `12 s ago`, `3 min ago`, `in 5 h`, `2 days ago`; beyond 30 days the date. */
export function formatRelative(ms: number, nowMs: number, zone: Zone): string {
  if (!isInstant(ms)) return 'unknown time';
  const distanceMs = Math.abs(nowMs - ms);
  if (distanceMs < 5_000) return 'just now';
  const words = inWords(distanceMs);
  if (words === null) return formatInstant(ms, zone, 'date');
  return ms <= nowMs ? `${words} ago` : `in ${words}`;
}

function inWords(ms: number): string | null {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  const days = Math.floor(hours / 24);
  return days <= 30 ? `${days} days` : null;
}

/** A countdown: `02:51`, from an hour `1:02:51`, from two days `3 days`; never below `00:00`. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  const mm = String(Math.floor((seconds % 3600) / 60)).padStart(2, '0');
  const ss = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${mm}:${ss}` : `${mm}:${ss}`;
}

/** A length of time to read at a glance: `840 ms`, `12.4 s`, `1:48` (minutes and seconds), `2 h 05 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function isInstant(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;
}
