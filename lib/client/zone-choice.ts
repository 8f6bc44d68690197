import type { Zone } from '@/components/ui/format-time';

export type ZoneChoice = 'home' | 'utc';

export const ZONE_COOKIE = 'countersign-zone';

/** The zone in which this console's people work. */
export const HOME_ZONE: Zone = { id: 'Asia/Kolkata', label: 'IST' };

/** The choice in a cookie's value; anything else is `home`. */
export function parseZoneChoice(value: string | undefined): ZoneChoice {
  return value === 'utc' ? 'utc' : 'home';
}
