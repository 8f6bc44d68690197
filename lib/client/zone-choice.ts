import { UTC, type Zone } from '@/components/ui/format-time';

export type ZoneChoice = 'home' | 'utc';

export const ZONE_COOKIE = 'countersign-zone';
/** The browser's own zone, written by `PAGE_SCRIPT`, so that the server draws times as the person will read them. */
export const HOME_ZONE_COOKIE = 'countersign-home-zone';

/** Short names that English-speaking data lacks for zones where people use one. */
const LABELS: Readonly<Record<string, string>> = { 'Asia/Kolkata': 'IST', 'Asia/Calcutta': 'IST' };

/** The choice in a cookie's value; anything else is `home`. */
export function parseZoneChoice(value: string | undefined): ZoneChoice {
  return value === 'utc' ? 'utc' : 'home';
}

/** The zone in a cookie's value with its short name at `atMs`; UTC when there is none or it is no zone. */
export function parseHomeZone(value: string | undefined, atMs: number): Zone {
  if (value === undefined || !/^[A-Za-z0-9_+/-]{1,64}$/.test(value)) return UTC;
  try {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: value, timeZoneName: 'short' }).formatToParts(
      atMs,
    );
    const label = LABELS[value] ?? parts.find(({ type }) => type === 'timeZoneName')?.value;
    return label === undefined || label === UTC.label ? UTC : { id: value, label };
  } catch {
    return UTC;
  }
}
