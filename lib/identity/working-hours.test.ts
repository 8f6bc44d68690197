import { describe, expect, it } from 'vitest';
import { isTimeZone, isWithinHours, type WorkingHours, workingHoursSchema } from './working-hours';

const office: WorkingHours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:30',
  timeZone: 'Europe/Berlin',
};
const night: WorkingHours = { days: ['fri'], from: '22:00', to: '06:00', timeZone: 'Asia/Kolkata' };
const at = (text: string) => Date.parse(text);

describe('isWithinHours', () => {
  it.each([
    ['the first minute, in winter (UTC+1)', office, '2026-11-30T08:00:00Z', true],
    ['a second before', office, '2026-11-30T07:59:59Z', false],
    ['the last second', office, '2026-11-30T16:29:59Z', true],
    ['the end itself', office, '2026-11-30T16:30:00Z', false],
    ['the first minute in summer (UTC+2)', office, '2026-07-06T07:00:00Z', true],
    ['the same instant of day in winter', office, '2026-11-30T07:00:00Z', false],
    ['a Sunday', office, '2026-11-29T12:00:00Z', false],
    ['Friday night there', night, '2026-11-27T17:00:00Z', true],
    ['early Saturday there, of Friday’s span', night, '2026-11-28T00:29:00Z', true],
    ['six o’clock on Saturday', night, '2026-11-28T00:30:00Z', false],
    ['late Saturday', night, '2026-11-28T17:00:00Z', false],
    ['early Friday, of Thursday’s span', night, '2026-11-26T20:00:00Z', false],
    ['a whole day', { ...office, days: ['sun'], from: '00:00', to: '00:00' }, '2026-11-29T22:59:00Z', true],
    ['a zone that is none', { ...office, timeZone: 'Nowhere/Land' }, '2026-11-30T12:00:00Z', false],
  ] as [string, WorkingHours, string, boolean][])('%s', (_name, hours, text, expected) => {
    expect(isWithinHours(hours, at(text))).toBe(expected);
  });

  it('reads the hour that a clock change repeats as the wall clock shows it, both times', () => {
    const hours: WorkingHours = { ...office, days: ['sun'], from: '02:00', to: '03:00' };
    for (const text of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
      expect(isWithinHours(hours, at(text))).toBe(true);
    expect(isWithinHours(hours, at('2026-10-25T02:00:00Z'))).toBe(false);
  });
});

describe('workingHoursSchema', () => {
  it.each([
    ['an offset for a zone', { ...office, timeZone: '+05:30' }],
    ['no zone', { ...office, timeZone: '' }],
    ['a zone with a path', { ...office, timeZone: '../etc/localtime' }],
    ['hour 24', { ...office, to: '24:00' }],
    ['one digit', { ...office, from: '9:00' }],
    ['no day', { ...office, days: [] }],
    ['a day twice', { ...office, days: ['mon', 'mon'] }],
  ])('refuses %s', (_name, value) => {
    expect(workingHoursSchema.safeParse(value).success).toBe(false);
  });

  it('knows zones by name', () => {
    expect(['UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'].every(isTimeZone)).toBe(true);
  });
});
