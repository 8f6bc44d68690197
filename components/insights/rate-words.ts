import type { Rate } from '@/lib/analytics/wilson';

/** `3.44%`, two digits below ten, one above. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(percent < 10 ? 2 : 1)}%`;
}

/** `2.91 to 3.02%`: where the share lies with 95 % confidence. */
export function formatInterval({ low, high }: Pick<Rate, 'low' | 'high'>): string {
  return `${formatPercent(low).slice(0, -1)} to ${formatPercent(high)}`;
}

/** A difference in points, never a percentage of a percentage. */
export function formatPoints(difference: number): string {
  const points = difference * 100;
  const size = Math.abs(points);
  return `${points < 0 ? '−' : '+'}${size.toFixed(size < 1 ? 2 : 1)} points`;
}

/** `20 Nov`, of a day in UTC. */
export function formatDay(day: string): string {
  const words = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  // English writes "Sept" in some data versions; three letters everywhere keep columns straight.
  return words.format(new Date(`${day}T00:00:00Z`)).replace('Sept', 'Sep');
}
