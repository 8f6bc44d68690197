/**
 * When an authority holds: weekdays and a span of the day on the wall clock of a named time zone (IANA). A span whose end is
 * not after its beginning runs past midnight and belongs to the day on which it began; equal ends are the whole day.
 */
import * as z from 'zod';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** True for a time zone that this runtime knows by its IANA name; offsets such as `+05:30` are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const workingHoursSchema = z.strictObject({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'a day twice'),
  from: clockTime,
  to: clockTime,
  timeZone: z.string().max(64).refine(isTimeZone, 'time_zone'),
});
export type WorkingHours = z.infer<typeof workingHoursSchema>;

/** Whether `atMs` (ms since the epoch) lies within the hours. A zone that cannot be read contains nothing. */
export function isWithinHours(hours: WorkingHours, atMs: number): boolean {
  const at = wallClock(hours.timeZone, atMs);
  if (!at) return false;
  const from = minutesOf(hours.from);
  const to = minutesOf(hours.to);
  const holds = (day: number) => hours.days.includes(WEEKDAYS[(day + 7) % 7] as Weekday);
  if (from < to) return holds(at.day) && at.minutes >= from && at.minutes < to;
  return (holds(at.day) && at.minutes >= from) || (holds(at.day - 1) && at.minutes < to);
}

const DAY_NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `day` from Monday = 0, `minutes` since midnight there. */
function wallClock(timeZone: string, atMs: number): { day: number; minutes: number } | null {
  if (!isTimeZone(timeZone)) return null;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const day = DAY_NAMES.indexOf(part('weekday'));
  return day < 0 ? null : { day, minutes: minutesOf(`${part('hour')}:${part('minute')}`) };
}

function minutesOf(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}
