import { describe, expect, it } from 'vitest';
import {
  countFilters,
  formatQueueFilter,
  NO_FILTER,
  parseQueueFilter,
  parseQueuePlace,
} from './queue-filter';

const parse = (query: string) => parseQueueFilter(new URLSearchParams(query));

describe('queue filter', () => {
  it.each(['', 'filter=mine', 'filter=expiring&tier=unbounded&control=budget&agent=purchase-assistant'])(
    '%j reads and prints back',
    (query) => expect(formatQueueFilter(parse(query))).toBe(query),
  );

  it.each([
    ['unknown view', 'filter=everything'],
    ['tier in capitals', 'tier=BOUNDED'],
    ['prototype name', 'control=constructor'],
    ['agent with markup', 'agent=%3Cscript%3E'],
    ['agent too long', `agent=${'a'.repeat(129)}`],
  ])('%s filters nothing', (_, query) => expect(parse(query)).toEqual(NO_FILTER));

  it('carries the chosen row and counts what hides behind the button', () => {
    const filter = parse('tier=bounded&agent=a');
    expect(formatQueueFilter(filter, 'esc_1')).toBe('tier=bounded&agent=a&selected=esc_1');
    expect(countFilters(filter)).toBe(2);
    expect(parseQueuePlace('?tier=bounded&agent=a&selected=esc_1')).toEqual({ filter, selected: 'esc_1' });
    expect(parseQueuePlace('')).toEqual({ filter: NO_FILTER, selected: null });
  });
});
