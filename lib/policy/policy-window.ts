import type { PolicyWindow } from './policy-document';

const HOUR_MS = 3_600_000;

/** Length of a rolling window that ends now. */
export const WINDOW_MS: Readonly<Record<PolicyWindow, number>> = {
  PT1H: HOUR_MS,
  P1D: 24 * HOUR_MS,
  P7D: 7 * 24 * HOUR_MS,
  P30D: 30 * 24 * HOUR_MS,
  P90D: 90 * 24 * HOUR_MS,
};

/** How a sentence names the window. */
export const WINDOW_WORDS: Readonly<Record<PolicyWindow, string>> = {
  PT1H: 'one hour',
  P1D: '24 hours',
  P7D: '7 days',
  P30D: '30 days',
  P90D: '90 days',
};
