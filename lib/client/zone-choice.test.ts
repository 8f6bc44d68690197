import { describe, expect, it } from 'vitest';
import { parseHomeZone, parseZoneChoice } from './zone-choice';

const WINTER = Date.UTC(2026, 10, 20);
const SUMMER = Date.UTC(2026, 6, 1);

describe('parseHomeZone', () => {
  it.each([
    ['Asia/Kolkata', WINTER, 'IST'],
    ['Europe/Berlin', WINTER, 'CET'],
    ['Europe/Berlin', SUMMER, 'CEST'],
    ['Asia/Tokyo', WINTER, 'GMT+9'],
  ])('reads %s', (id, atMs, label) => {
    expect(parseHomeZone(id, atMs)).toEqual({ id, label });
  });

  it.each([
    ['no cookie', undefined],
    ['no zone', 'Mars/Olympus'],
    ['markup', '<script>'],
    ['a path', '../../etc/localtime'],
    ['something endless', 'A'.repeat(5000)],
    ['UTC itself', 'UTC'],
  ])('is UTC for %s', (_, value) => {
    expect(parseHomeZone(value, WINTER)).toEqual({ id: 'UTC', label: 'UTC' });
  });
});

describe('parseZoneChoice', () => {
  it('knows utc, and takes anything else for home', () => {
    expect([parseZoneChoice('utc'), parseZoneChoice('x'), parseZoneChoice(undefined)]).toEqual([
      'utc',
      'home',
      'home',
    ]);
  });
});
