import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { VerificationEvent } from '@/lib/client/verification/protocol';
import type { TenantMaterial } from '@/lib/evidence/verification-material';
import { findSystemChromium } from '../check/find-chromium';
import { Refusal } from '../refusal';
import type { BenchReport } from './bench-report';
import { makeBrowserCase } from './browser-case';
import { describeMachine } from './describe-machine';
import { sampleRenderer } from './sample-renderer';
import { serveBrowserCase } from './serve-browser-case';
import { spreadOf } from './statistics';
import { walkNatively } from './walk-natively';

const REPETITIONS = 3;
const MOST_MEGABYTES = 500;
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface BrowserRun {
  leavesPerSecond: number;
  recordsPerSecond: number;
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
  const given = makeBrowserCase(records, leaves);
  const size = Math.max(records, leaves);
  const served = await serveBrowserCase(given);
  const runs: (BrowserRun & { nativePerSecond: number })[] = [];
  let version = '';
  try {
    for (let n = 0; n < REPETITIONS; n++) {
      const nativePerSecond = walkNatively(given);
      // A browser of its own each time, so that no cache, no compiled code and no memory is left over.
      const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
      version = browser.version();
      try {
        runs.push({ nativePerSecond, ...(await runInBrowser(browser, served.origin, given.material, size)) });
      } finally {
        await browser.close();
      }
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
    work: `a log of ${size.toLocaleString('en')} leaves rebuilt from its entries to the signed root, then a chain of ${records.toLocaleString('en')} records walked with signature, digest, link and leaf, in Chromium ${version}`,
    reference: 'the same chain walked by node:crypto in this process, one thread, browser closed',
    repetitions: REPETITIONS,
    records: records * REPETITIONS,
    conditions: [
      'the browser runs lib/client/verification/verify.worker.ts and its pool of lane.worker.ts, bundled by esbuild under the console’s worker policy; the console’s own build bundles the same files by Turbopack',
      `payload ${given.payloadBytes} bytes, envelope ${given.recordBytes} bytes; both sides read NDJSON lines and base64`,
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

async function runInBrowser(
  browser: Browser,
  origin: string,
  material: TenantMaterial,
  size: number,
): Promise<BrowserRun> {
  const page = await browser.newPage();
  await page.goto(origin);
  const stop = await sampleRenderer(browser);
  const { logMs, streamMs, events } = await verifyInPage(page, material);
  const megabytes = await stop();
  requireValid(events);
  const records = material.streams.reduce((n, { head }) => n + head, 0);
  return {
    leavesPerSecond: (size * 1_000) / logMs,
    recordsPerSecond: (records * 1_000) / streamMs,
    megabytes,
  };
}

/** Runs the worker as the page of the console does, and takes the times at which it told the log and the stream. */
function verifyInPage(page: Page, material: TenantMaterial) {
  return page.evaluate(
    (asked) =>
      new Promise<{ logMs: number; streamMs: number; events: VerificationEvent[] }>((resolve, reject) => {
        const events: VerificationEvent[] = [];
        const worker = new Worker('/verify.worker.ts', { type: 'module' });
        const started = performance.now();
        let logged = started;
        let streamed = started;
        worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
        worker.onmessage = ({ data }: MessageEvent<VerificationEvent>) => {
          if (data.type === 'log') logged = performance.now();
          if (data.type === 'stream') streamed = performance.now();
          if (data.type !== 'progress' && data.type !== 'log-progress') events.push(data);
          if (data.type !== 'done' && data.type !== 'failed') return;
          worker.terminate();
          resolve({ logMs: logged - started, streamMs: streamed - logged, events });
        };
        worker.postMessage({
          type: 'tenant',
          material: asked,
          fromStart: true,
          threads: navigator.hardwareConcurrency,
        });
      }),
    material,
  );
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
