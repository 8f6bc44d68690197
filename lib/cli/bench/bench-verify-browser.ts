import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { VerificationEvent } from '@/lib/client/verification/protocol';
import { findSystemChromium } from '../check/find-chromium';
import { Refusal } from '../refusal';
import type { BenchReport } from './bench-report';
import { makeBrowserCase } from './browser-case';
import { describeMachine } from './describe-machine';
import { runChromium } from './run-chromium';
import { serveBrowserCase } from './serve-browser-case';
import { spreadOf } from './statistics';
import { walkNatively } from './walk-natively';

const REPETITIONS = 3;
const MOST_MEGABYTES = 500;
interface BrowserRun {
  leavesPerSecond: number;
  recordsPerSecond: number;
  /** In Node, just before. */
  nativePerSecond: number;
  megabytes: number | null;
}

/**
 * "Verify everything" in a real Chromium by the product's own workers: a log of `leaves` entries rebuilt to its signed
 * root, then a chain of `records` full records, each with its signature, digest, link and leaf. The reference walks the
 * same chain in this process on one thread.
 * @throws Refusal when there is no Chromium
 */
export async function benchVerifyBrowser({
  records,
  leaves,
}: {
  records: number;
  leaves: number;
}): Promise<BenchReport> {
  const executablePath = findSystemChromium() ?? chromium.executablePath();
  if (!existsSync(executablePath)) throw new Refusal('There is no Chromium: name one with CHROMIUM_PATH.');
  const version = execFileSync(executablePath, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split('\n')
    .at(-1);
  const given = makeBrowserCase(records, leaves);
  const size = Math.max(records, leaves);
  const served = await serveBrowserCase(given);
  const runs: BrowserRun[] = [];
  let threads = 0;
  try {
    for (let n = 0; n < REPETITIONS; n++) {
      const nativePerSecond = walkNatively(given);
      // A browser of its own each time, so that no cache, no compiled code and no memory is left over.
      const { result, megabytes } = await runChromium(executablePath, served.origin, served.nextResult());
      requireValid(result.events);
      threads = result.threads;
      runs.push({
        nativePerSecond,
        recordsPerSecond: (records * 1_000) / result.streamMs,
        leavesPerSecond: (size * 1_000) / result.logMs,
        megabytes,
      });
    }
  } finally {
    await served.stop();
  }
  const of = (pick: (run: (typeof runs)[number]) => number) => spreadOf(runs.map(pick));
  const ratio = of((run) => run.recordsPerSecond / run.nativePerSecond);
  const leafRate = of((run) => run.leavesPerSecond);
  const memory = runs.every(({ megabytes }) => megabytes !== null)
    ? of(({ megabytes }) => megabytes ?? 0)
    : null;
  return {
    name: 'verify-browser',
    work: `a log of ${size.toLocaleString('en')} leaves rebuilt from its entries to the signed root, then a chain of ${records.toLocaleString('en')} records walked with signature, digest, link and leaf, in ${version}`,
    reference: 'the same chain walked by node:crypto in this process, one thread, browser closed',
    repetitions: REPETITIONS,
    records: records * REPETITIONS,
    conditions: [
      'the browser runs lib/client/verification/verify.worker.ts and its pool of lane.worker.ts, bundled by esbuild under the console’s worker policy; the console’s own build bundles the same files by Turbopack',
      `payload ${given.payloadBytes} bytes, envelope ${given.recordBytes} bytes; both sides read NDJSON lines and base64`,
      `a fresh profile and no debugger; a pool for ${threads} threads`,
      'included in the browser: fetching over HTTP from this process, which shares the cores with it',
      describeMachine(),
      ...(memory ? [] : ['the memory of the browser could not be read on this system']),
    ],
    notIncluded: ['a console’s database behind the routes', 'TLS', 'a network between them'],
    rows: [
      { figure: 'chain in the browser', unit: 'records/s', spread: of((run) => run.recordsPerSecond) },
      { figure: 'chain in Node, one thread', unit: 'records/s', spread: of((run) => run.nativePerSecond) },
    ],
    ratios: [
      { figure: 'browser ÷ Node', spread: ratio, goal: '≥ 0.8', reached: ratio.median >= 0.8 },
      {
        figure: 'log, leaves/s',
        spread: leafRate,
        goal: '≥ 400,000',
        reached: leafRate.median >= 400_000,
      },
      ...(memory
        ? [
            {
              figure: 'memory of the page, MB',
              spread: memory,
              goal: `≤ ${MOST_MEGABYTES}`,
              reached: memory.max <= MOST_MEGABYTES,
            },
          ]
        : []),
    ],
  };
}

/** A figure of a walk that found something, or did not end, would be of another walk. */
function requireValid(events: readonly VerificationEvent[]): void {
  const failed = events.find((event) => event.type === 'failed' || event.type === 'finding');
  if (failed) throw new Error(`The browser did not verify the case: ${JSON.stringify(failed)}`);
  const checks = events.flatMap((event) =>
    event.type === 'log' ? event.checks : event.type === 'stream' ? event.result.checks : [],
  );
  const other = checks.find(({ verdict, id }) => verdict !== 'valid' && id !== 'log.consistency');
  if (other || checks.length < 6)
    throw new Error(`The browser did not verify the case: ${JSON.stringify(other ?? checks)}`);
}
