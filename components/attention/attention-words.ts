import { rateOf } from '@/lib/analytics/wilson';
import { type DrillCounts, FEWEST_DRILLS, type SignalView } from '@/lib/attention/attention-view';

const percent = (share: number) => `${Math.round(share * 100)}%`;

/** "14 of 20, 70% (48 to 85%)"; below the least n only the count. */
export function formatShare(n: number, of: number, fewest: number): string {
  if (of === 0) return 'none yet';
  if (of < fewest) return `${n} of ${of}; a rate from ${fewest}`;
  const { rate, low, high } = rateOf(n, of);
  return `${n} of ${of}, ${percent(rate)} (${percent(low)} to ${percent(high)})`;
}

/** What somebody's drills came to, known bad and known good apart. */
export function formatDrills({ bad, caught, good, passed }: DrillCounts): { caught: string; passed: string } {
  return {
    caught: formatShare(caught, bad, FEWEST_DRILLS),
    passed: formatShare(passed, good, FEWEST_DRILLS),
  };
}

export const SIGNAL_WORDS: Record<SignalView['signal'], { name: string; about: string }> = {
  fast_approvals: {
    name: 'Fast approvals',
    about:
      'Approved in less than anybody needs to read so much, and in less than half of what others took for similar cases.',
  },
  falling_dwell: {
    name: 'Falling reading time',
    about: 'Reading for each thousand characters over the last shift; Kendall’s τ, below zero when it falls.',
  },
  uniform_timing: {
    name: 'Uniform timing',
    about:
      'How much reading times differ (standard deviation of their logarithm). People who read differ by the case.',
  },
  coverage_skipped: {
    name: 'Sections skipped',
    about: 'Verdicts without reading every section that the tier asks for.',
  },
  overridden: { name: 'Overridden', about: 'Approvals that somebody else denied or revoked afterwards.' },
  later_incident: {
    name: 'Later incidents',
    about: 'Approvals whose action failed, or that an integrity condition was opened on.',
  },
};

const isShare = (signal: SignalView['signal']) => signal !== 'falling_dwell' && signal !== 'uniform_timing';

/** The measured value with its interval, or why there is none. */
export function formatSignal(signal: SignalView): string {
  const { value, low, high, n, minimumN } = signal;
  if (value === null || low === null || high === null) return `n = ${n}; something is said from ${minimumN}`;
  const show = (each: number) => (isShare(signal.signal) ? percent(each) : each.toFixed(2).replace('-', '−'));
  const others = signal.others === null ? '' : `; others ${show(signal.others)}`;
  return `${show(value)} (${show(low)} to ${show(high)}), n = ${n}${others}`;
}

export const STATE_WORDS: Record<SignalView['state'], string> = {
  few: 'too few to say',
  quiet: 'nothing shows',
  shows: 'shows',
};

export const EVENT_WORDS = {
  limit_reached: 'reached a limit; new work went to the next person',
  put_back: 'had a claimed case put back for the next person',
  fatigue: 'was spared for four hours',
  second_reviewer: 'got a second reviewer beside them',
} as const;

const REASONS: Record<string, string> = {
  decisions_per_hour: 'verdicts in an hour',
  active_minutes: 'reading without a break',
};

/** A reason code in words. */
export function formatReason(code: string): string {
  return REASONS[code] ?? SIGNAL_WORDS[code as SignalView['signal']]?.name.toLowerCase() ?? code;
}

export const SPREAD_WORDS = {
  nothing: 'no',
  near: 'soon: near a limit',
  reached: 'yes: at a limit',
  fatigue: 'yes: signs of fatigue',
} as const;
