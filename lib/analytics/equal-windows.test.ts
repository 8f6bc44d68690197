import { expect, test } from 'vitest';
import { equalWindows } from './equal-windows';

const at = (text: string) => Date.parse(`2026-06-${text}:00.000Z`);
const now = at('30T10:20');

test('whole hours, equally long, without the hour of the change itself', () => {
  expect(equalWindows(at('10T14:32'), 7, now)).toEqual({
    spanHours: 168,
    before: { fromMs: at('03T14:00'), toMs: at('10T14:00') },
    after: { fromMs: at('10T15:00'), toMs: at('17T15:00') },
  });
});

test('on the hour nothing is left out', () => {
  const { before, after } = equalWindows(at('10T14:00'), 1, now);
  expect([before.toMs, after.fromMs]).toEqual([at('10T14:00'), at('10T14:00')]);
});

test('both are as short as the time that has passed', () => {
  expect(equalWindows(at('30T07:30'), 14, now)).toMatchObject({
    spanHours: 2,
    before: { fromMs: at('30T05:00') },
    after: { fromMs: at('30T08:00'), toMs: at('30T10:00') },
  });
  expect(equalWindows(at('30T10:10'), 14, now).spanHours).toBe(0);
});
