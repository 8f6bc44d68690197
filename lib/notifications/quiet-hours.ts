/** Minutes after midnight in `timeZone` (IANA name): from `from` until `to`, over midnight when `from` is later. */
export interface QuietHours {
  from: number;
  to: number;
  timeZone: string;
}

const DAY_MINUTES = 1_440;

/**
 * When a notice may be given that arises at `nowMs`: null for at once, else the end of the quiet hours in ms since the
 * epoch, to the minute. Equal ends mean no quiet hours. Across a change of the clocks the end may be an hour off.
 */
export function quietUntilMs(quiet: QuietHours | null, nowMs: number): number | null {
  if (!quiet || quiet.from === quiet.to) return null;
  const minute = minuteOfDay(quiet.timeZone, nowMs);
  const sinceFrom = (minute - quiet.from + DAY_MINUTES) % DAY_MINUTES;
  const length = (quiet.to - quiet.from + DAY_MINUTES) % DAY_MINUTES;
  if (sinceFrom >= length) return null;
  return Math.floor(nowMs / 60_000) * 60_000 + (length - sinceFrom) * 60_000;
}

/** Whether the platform knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function minuteOfDay(timeZone: string, nowMs: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(nowMs));
  const read = (type: 'hour' | 'minute') => Number(parts.find((part) => part.type === type)?.value);
  return read('hour') * 60 + read('minute');
}
