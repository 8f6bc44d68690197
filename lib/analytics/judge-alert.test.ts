import { expect, test } from 'vitest';
import { CLEAR_FOR_MS, decideAlert, readAbove, readBelow } from './judge-alert';

test.each([
  [10.1, 'breached'],
  [10, 'between'],
  [8.1, 'between'],
  [8, 'clear'],
  [0, 'clear'],
] as const)('%d against at most ten is %s', (value, reading) => {
  expect(readAbove(value, 10)).toBe(reading);
});

test.each([
  [9.9, 'breached'],
  [10, 'between'],
  [12.4, 'between'],
  [12.5, 'clear'],
] as const)('%d against at least ten is %s', (value, reading) => {
  expect(readBelow(value, 10)).toBe(reading);
});

test('opens once, forgives no single dip, and closes after being clear for long enough', () => {
  const steps: string[] = [];
  let open: { clearSinceMs: number | null } | null = null;
  const readings = [
    'between',
    'breached',
    'breached',
    'clear',
    'between',
    'clear',
    'clear',
    'clear',
    'breached',
  ] as const;
  for (const [index, reading] of readings.entries()) {
    const nowMs = index * (CLEAR_FOR_MS / 2);
    const step = decideAlert(open, reading, nowMs);
    steps.push(step);
    if (step === 'open') open = { clearSinceMs: null };
    if (step === 'close') open = null;
    if (step === 'mark-clear') open = { clearSinceMs: nowMs };
    if (step === 'unmark') open = { clearSinceMs: null };
  }
  expect(steps).toEqual([
    'nothing',
    'open',
    'nothing',
    'mark-clear',
    'unmark',
    'mark-clear',
    'nothing',
    'close',
    'open',
  ]);
});
