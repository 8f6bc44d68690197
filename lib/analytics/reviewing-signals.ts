/**
 * Signs that somebody approves without reading, each measured against what there was to read and what others did with
 * similar cases. Every sign has its n, its interval and a least n below which nothing is said; none ranks anybody. They
 * lead to less load or a second reviewer (`/docs/reviewers`), never to a list of people.
 */
import { areDistinct, type Rate, rateOf } from './wilson';

export const REVIEWING_SIGNALS = [
  'fast_approvals',
  'falling_dwell',
  'uniform_timing',
  'coverage_skipped',
  'overridden',
  'later_incident',
] as const;
export type ReviewingSignalName = (typeof REVIEWING_SIGNALS)[number];

/** One verdict, with what there was to read. */
export interface ReviewFact {
  person: string;
  atMs: number;
  /** What makes cases similar: tool and tier. */
  kind: string;
  verdict: 'approve' | 'deny';
  activeMs: number;
  characters: number;
  /** Required sections, and how many of them were read. */
  required: number;
  read: number;
  /** Somebody else denied it afterwards, or the approval was revoked. */
  overridden: boolean;
  /** It was carried out and failed, or a condition was opened on it. */
  incident: boolean;
}

export interface ReviewingSignal {
  signal: ReviewingSignalName;
  n: number;
  minimumN: number;
  /** `few`: too little is known to say anything. */
  state: 'few' | 'quiet' | 'shows';
  /** What was measured, with 95 % bounds; null while `few`. */
  value: number | null;
  low: number | null;
  high: number | null;
  /** Of others, where the sign compares. */
  others: number | null;
}

/** Reading faster than this is not reading: about three times the pace of silent reading (Brysbaert 2019, 238 words/min). */
export const SKIMMING_CHARACTERS_PER_SECOND = 60;
/** A pause that ends a shift. */
const SHIFT_GAP_MS = 2 * 3_600_000;
const FEWEST: Record<ReviewingSignalName, number> = {
  fast_approvals: 20,
  falling_dwell: 12,
  uniform_timing: 20,
  coverage_skipped: 20,
  overridden: 30,
  later_incident: 30,
};
/** Others need this many similar cases before their middle says anything. */
const FEWEST_SIMILAR = 8;

/** All signs of one person; `facts` are everybody's, in any order. */
export function findSignals(person: string, facts: readonly ReviewFact[]): ReviewingSignal[] {
  const own = facts.filter((fact) => fact.person === person).sort((a, b) => a.atMs - b.atMs);
  const others = facts.filter((fact) => fact.person !== person);
  const approvals = own.filter(({ verdict }) => verdict === 'approve');
  const otherApprovals = others.filter(({ verdict }) => verdict === 'approve');
  const middle = middles(otherApprovals);
  const isFast = (fact: ReviewFact) => wasFast(fact, middle.get(fact.kind));
  return [
    compareShares('fast_approvals', approvals, otherApprovals, isFast),
    fallingDwell(lastShift(own)),
    uniformTiming(approvals),
    compareShares(
      'coverage_skipped',
      own.filter(({ required }) => required > 0),
      others.filter(({ required }) => required > 0),
      ({ read, required }) => read < required,
    ),
    compareShares('overridden', approvals, otherApprovals, ({ overridden }) => overridden),
    compareShares('later_incident', approvals, otherApprovals, ({ incident }) => incident),
  ];
}

/** Faster than half of what others took for similar cases, and faster than anybody reads so much. */
export function wasFast(fact: ReviewFact, middleMs: number | undefined): boolean {
  const skimmedMs = (fact.characters / SKIMMING_CHARACTERS_PER_SECOND) * 1_000;
  return fact.activeMs < skimmedMs && (middleMs === undefined || fact.activeMs * 2 < middleMs);
}

function middles(facts: readonly ReviewFact[]): Map<string, number> {
  const kinds = new Map<string, number[]>();
  for (const { kind, activeMs } of facts) kinds.set(kind, [...(kinds.get(kind) ?? []), activeMs]);
  return new Map(
    [...kinds].flatMap(([kind, values]) => (values.length < FEWEST_SIMILAR ? [] : [[kind, median(values)]])),
  );
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Shows when the person's share is above the others' and can be told apart from it. */
function compareShares(
  signal: ReviewingSignalName,
  own: readonly ReviewFact[],
  others: readonly ReviewFact[],
  has: (fact: ReviewFact) => boolean,
): ReviewingSignal {
  const rate = rateOf(own.filter(has).length, own.length);
  const known: Rate | null =
    others.length >= FEWEST[signal] ? rateOf(others.filter(has).length, others.length) : null;
  const shows = known ? rate.rate > known.rate && areDistinct(rate, known) : rate.low > 0.5;
  return told(
    signal,
    own.length,
    { value: rate.rate, low: rate.low, high: rate.high },
    shows,
    known?.rate ?? null,
  );
}

/**
 * Kendall's τ between the order of a shift and active time for each thousand characters, with its 95 % bounds under no
 * trend. Shows when it falls beyond what chance gives.
 */
function fallingDwell(shift: readonly ReviewFact[]): ReviewingSignal {
  const pace = shift.map(({ activeMs, characters }) => activeMs / (1_000 + characters));
  const n = pace.length;
  const tau = kendallTau(pace);
  const spread = n < 2 ? 1 : 1.96 * Math.sqrt((2 * (2 * n + 5)) / (9 * n * (n - 1)));
  const bounds = { value: tau, low: Math.max(-1, tau - spread), high: Math.min(1, tau + spread) };
  return told('falling_dwell', n, bounds, bounds.high < 0, null);
}

/** Concordant minus discordant pairs over all pairs (τ-a), of values in their order; 0 for fewer than two. */
export function kendallTau(values: readonly number[]): number {
  let balance = 0;
  for (let later = 1; later < values.length; later++) {
    for (let earlier = 0; earlier < later; earlier++)
      balance += Math.sign((values[later] as number) - (values[earlier] as number));
  }
  const pairs = (values.length * (values.length - 1)) / 2;
  return pairs === 0 ? 0 : balance / pairs;
}

/** Standard deviation of ln(active time): people who read differ by the case, clocks do not. Shows when it stays under 15 %. */
function uniformTiming(approvals: readonly ReviewFact[]): ReviewingSignal {
  const logs = approvals.map(({ activeMs }) => Math.log(Math.max(1, activeMs)));
  const n = logs.length;
  const mean = logs.reduce((sum, each) => sum + each, 0) / Math.max(1, n);
  const deviation = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, n - 1));
  // Bounds of a deviation by the chi-square distribution (Wilson and Hilferty's approximation).
  const bound = (z: number) =>
    deviation /
    Math.sqrt(
      Math.max(0.01, 1 - 2 / (9 * Math.max(1, n - 1)) + z * Math.sqrt(2 / (9 * Math.max(1, n - 1)))) ** 3,
    );
  return told(
    'uniform_timing',
    n,
    { value: deviation, low: bound(1.96), high: bound(-1.96) },
    bound(-1.96) < 0.15,
    null,
  );
}

function lastShift(own: readonly ReviewFact[]): ReviewFact[] {
  const shift: ReviewFact[] = [];
  for (let index = own.length - 1; index >= 0; index--) {
    const fact = own[index] as ReviewFact;
    const next = shift[0];
    if (next && next.atMs - fact.atMs > SHIFT_GAP_MS) break;
    shift.unshift(fact);
  }
  return shift;
}

function told(
  signal: ReviewingSignalName,
  n: number,
  bounds: { value: number; low: number; high: number },
  shows: boolean,
  others: number | null,
): ReviewingSignal {
  const minimumN = FEWEST[signal];
  if (n < minimumN)
    return { signal, n, minimumN, state: 'few', value: null, low: null, high: null, others: null };
  return { signal, n, minimumN, state: shows ? 'shows' : 'quiet', ...bounds, others };
}
