import { formatAmount } from '@/components/ui/format-amount';
import type { Authority, AuthorityCode } from '@/lib/identity/authority';
import { WEEKDAYS, type Weekday, type WorkingHours } from '@/lib/identity/working-hours';

export const DAY_NAMES: Record<Weekday, string> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

/** "Mon–Fri 09:00–17:30 (Europe/Berlin)". */
export function describeHours({ days, from, to, timeZone }: WorkingHours): string {
  const held = WEEKDAYS.filter((day) => days.includes(day));
  const first = WEEKDAYS.indexOf(held[0] as Weekday);
  const isRun = held.length > 2 && held.every((day, index) => WEEKDAYS.indexOf(day) === first + index);
  const names = isRun
    ? `${DAY_NAMES[held[0] as Weekday]}–${DAY_NAMES[held.at(-1) as Weekday]}`
    : held.map((day) => DAY_NAMES[day]).join(', ');
  return `${names} ${from === to ? 'all day' : `${from}–${to}`} (${timeZone})`;
}

/** Which counterparties, in words. */
export function describeCounterparties(classes: readonly string[]): string {
  return classes.length === 0 ? 'every counterparty' : `counterparties: ${classes.join(', ')}`;
}

/** What of somebody's authority stands against an action, for the person themselves. */
export const LIMIT_WORDS: Record<AuthorityCode, string> = {
  no_authority: 'You hold no authority here, so you can read but not decide.',
  tier_exceeded: 'The action is of a graver tier than your authority reaches.',
  tool_not_covered: 'Your authority does not cover this tool.',
  counterparty_not_covered: 'Your authority does not cover counterparties of this class.',
  currency_not_covered: 'Your authority has no limit in this currency.',
  amount_exceeded: 'The amount is above your limit in this currency.',
  amount_unreadable: 'The amount could not be compared with your limit.',
  outside_hours: 'Your authority does not hold at this hour or on this day.',
};

/** The person's own limit that the code is about, as a phrase; null when there is none to name. */
export function describeLimit(
  authority: Authority,
  code: AuthorityCode,
  currency: string | null,
): string | null {
  switch (code) {
    case 'tool_not_covered':
      return `only ${authority.tools.join(', ')}`;
    case 'counterparty_not_covered':
      return describeCounterparties(authority.counterparties);
    case 'currency_not_covered':
      return authority.limits.map(({ amount, currency }) => formatAmount(amount, currency)).join(', ');
    case 'amount_exceeded': {
      const limit = authority.limits.find((each) => each.currency === currency);
      return limit ? `up to ${formatAmount(limit.amount, limit.currency)}` : null;
    }
    case 'outside_hours':
      return authority.hours ? describeHours(authority.hours) : null;
    default:
      return null;
  }
}
