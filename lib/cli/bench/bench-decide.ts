import type { BenchConsole } from './bench-console';
import { createBenchProducer } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { createPoster } from './post-bytes';
import { prepareReviews } from './review-bench';
import { percentile, spreadOf } from './statistics';

const REPETITIONS = 5;
const REVIEWERS = 8;

/**
 * A verdict, from being sent to the answer that holds the signed token: checked, the review record signed and chained, the
 * approval committed. Beside it, one signed record appended over HTTP, in the same run. One at a time each: nothing waits
 * behind anything else.
 */
export async function benchDecide(console: BenchConsole, seconds: number): Promise<BenchReport> {
  const bench = await prepareReviews(console, REVIEWERS);
  const producer = await createBenchProducer(1);
  const { post, close } = createPoster(console.origin);
  const append = async () => {
    const body = producer.nextRecord();
    const start = performance.now();
    const { status, text } = await post('application/vnd.dsse+json', body);
    const elapsed = performance.now() - start;
    if (status !== 201) throw new Error(`The console answered ${status}: ${text.slice(0, 300)}`);
    return elapsed;
  };
  let decided = 0;
  const decide = async () => {
    const reviewer = bench.reviewers[decided++ % REVIEWERS] as (typeof bench.reviewers)[number];
    const { id } = await bench.submit();
    const { send } = await bench.read(reviewer, id);
    const start = performance.now();
    await send();
    return performance.now() - start;
  };
  const each = Math.max(20, Math.round(seconds));
  const pairs: { decide: number[]; append: number[] }[] = [];
  try {
    for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
      const pair: (typeof pairs)[number] = { decide: [], append: [] };
      for (let n = 0; n < each; n++) {
        pair.append.push(await append());
        pair.decide.push(await decide());
      }
      // The first round warms the server up.
      if (repetition > 0) pairs.push(pair);
    }
  } finally {
    close();
  }
  const spread = (pick: (pair: (typeof pairs)[number]) => number) => spreadOf(pairs.map(pick));
  const p50 = spread((pair) => percentile(pair.decide, 0.5) / percentile(pair.append, 0.5));
  const p95 = spread((pair) => percentile(pair.decide, 0.95) / percentile(pair.append, 0.95));
  return {
    name: 'decide',
    work: 'verdict received → review record durable → token signed and answered, over HTTP, one at a time',
    reference: 'one signed record appended over HTTP, one at a time, in turn with the verdicts',
    repetitions: REPETITIONS,
    records: decided,
    conditions: [
      console.durability,
      describeMachine(),
      `${REVIEWERS} reviewers in turn; verdicts in a session`,
    ],
    notIncluded: ['reading the evidence', 'a passkey’s touch', 'TLS', 'a network between them'],
    rows: [
      { figure: 'decide p50', unit: 'ms', spread: spread((pair) => percentile(pair.decide, 0.5)) },
      { figure: 'decide p95', unit: 'ms', spread: spread((pair) => percentile(pair.decide, 0.95)) },
      { figure: 'append p50', unit: 'ms', spread: spread((pair) => percentile(pair.append, 0.5)) },
      { figure: 'append p95', unit: 'ms', spread: spread((pair) => percentile(pair.append, 0.95)) },
    ],
    ratios: [
      { figure: 'p50 ÷ append', spread: p50, goal: '≤ 2', reached: p50.median <= 2 },
      { figure: 'p95 ÷ append', spread: p95, goal: '≤ 2', reached: p95.median <= 2 },
    ],
  };
}
