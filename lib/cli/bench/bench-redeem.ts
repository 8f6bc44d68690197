import { getPool } from '@/lib/server/database/pool';
import type { BenchConsole } from './bench-console';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { prepareReviews, type ReviewBench } from './review-bench';
import { percentile, spreadOf } from './statistics';

const REPETITIONS = 5;
const AT_ONCE = 1_000;
const LONE = 20;

/**
 * One token presented a thousand times at once: exactly one redemption may succeed. Each refusal's time counts from when
 * its request was sent; beside them, lone redemptions of other tokens, one at a time.
 */
export async function benchRedeem(console: BenchConsole): Promise<BenchReport> {
  const bench = await prepareReviews(console, 8);
  const lone: number[] = [];
  const refusals: number[] = [];
  const rounds: number[] = [];
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const times: number[] = [];
    for (let n = 0; n < LONE; n++) times.push(await redeemAlone(bench, n));
    const crowd = await redeemAtOnce(bench);
    // The first round warms the server up.
    if (repetition === 0) continue;
    lone.push(percentile(times, 0.99));
    refusals.push(percentile(crowd.refusals, 0.99));
    rounds.push(crowd.elapsedMs);
  }
  const ratio = spreadOf(refusals.map((ms, n) => ms / (lone[n] as number)));
  return {
    name: 'redeem',
    work: `${AT_ONCE.toLocaleString('en')} redemptions of one token, all sent at once: exactly one succeeded each time`,
    reference: `lone redemptions of other tokens, ${LONE} a repetition, p99`,
    repetitions: REPETITIONS,
    records: REPETITIONS * (AT_ONCE + LONE),
    conditions: [
      console.durability,
      describeMachine(),
      'every other one of the thousand was refused with already_redeemed; redemptions were counted in the database',
      'a refusal waits behind the other requests of its thousand: signatures are verified and the refusals recorded, on cores shared with the sender',
    ],
    notIncluded: ['TLS', 'a network between them'],
    rows: [
      { figure: 'refusal p99', unit: 'ms', spread: spreadOf(refusals) },
      { figure: 'lone redemption p99', unit: 'ms', spread: spreadOf(lone) },
      {
        figure: 'answers',
        unit: 'a second',
        spread: spreadOf(rounds.map((elapsedMs) => (AT_ONCE * 1_000) / elapsedMs)),
      },
    ],
    ratios: [{ figure: 'refusal p99 ÷ lone p99', spread: ratio, goal: '≤ 3', reached: ratio.median <= 3 }],
  };
}

async function approve(bench: ReviewBench, n: number) {
  const reviewer = bench.reviewers[n % bench.reviewers.length] as (typeof bench.reviewers)[number];
  const { id, action } = await bench.submit();
  const { send } = await bench.read(reviewer, id);
  const { approval } = await send();
  return { approvalId: approval.id, token: approval.token, action };
}

async function redeemAlone(bench: ReviewBench, n: number): Promise<number> {
  const approval = await approve(bench, n);
  const start = performance.now();
  const answer = await bench.gateway.redeem(approval);
  const elapsed = performance.now() - start;
  if (!answer.ok) throw new Error(`A lone redemption answered ${answer.code}.`);
  return elapsed;
}

async function redeemAtOnce(bench: ReviewBench): Promise<{ refusals: number[]; elapsedMs: number }> {
  const approval = await approve(bench, 0);
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const start = performance.now();
      const answer = await bench.gateway.redeem(approval);
      return { answer, elapsed: performance.now() - start };
    }),
  );
  const elapsedMs = performance.now() - started;
  const successes = answers.filter(({ answer }) => answer.ok).length;
  const { rows } = await getPool().query<{ n: number }>(
    'SELECT count(*)::int AS n FROM redemptions WHERE approval = $1',
    [approval.approvalId],
  );
  if (successes !== 1 || rows[0]?.n !== 1)
    throw new Error(`${successes} redemptions of one token succeeded; ${rows[0]?.n} are stored.`);
  const others = answers.filter(({ answer }) => !answer.ok);
  const odd = others.find(({ answer }) => !answer.ok && answer.problem !== 'already_redeemed');
  if (odd) throw new Error(`A redemption was refused with ${JSON.stringify(odd.answer).slice(0, 200)}.`);
  return { refusals: others.map(({ elapsed }) => elapsed), elapsedMs };
}
