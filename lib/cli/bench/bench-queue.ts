import type { Page } from '@playwright/test';
import { Client } from 'pg';
import type { BenchConsole } from './bench-console';
import { BENCH_TENANT } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { type FrameFigures, frameFigures, frameRows } from './frame-figures';
import { openBenchPage } from './open-bench-page';
import { prepareReviews, type ReviewBench } from './review-bench';
import { percentile, type Spread, spreadOf } from './statistics';

const PENDING = 10_000;
const OFFERED_PER_SECOND = 50;
const SAMPLE = 40;
const REPETITIONS = 5;
const SCROLL_MS = 4_000;
const FILTERED = 12;

/**
 * Notes, on the machine's clock, when each row first stands in the page. The list keeps what is read in its place, so that
 * whoever waits for new ones goes on to its top.
 */
const WATCH_ROWS = `
  const seen = (window.benchSeen = {});
  window.benchAtTop = true;
  const look = () => {
    const box = document.querySelector('.rows');
    if (window.benchAtTop && box && box.scrollTop > 0) box.scrollTop = 0;
    for (const row of document.querySelectorAll('[data-row]'))
      seen[row.dataset.row] ??= performance.timeOrigin + performance.now();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
`;

/** Scrolls by what a wheel turns in a frame and gives the time between frames. */
const SCROLL = `async (ms) => {
  window.benchAtTop = false;
  const box = document.querySelector('.rows');
  const gaps = [];
  const start = performance.now();
  let last = start;
  let step = 90;
  while (last - start < ms) {
    if (box.scrollTop + box.clientHeight >= box.scrollHeight - 4) step = -90;
    else if (box.scrollTop <= 0) step = 90;
    box.scrollTop += step;
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    gaps.push(now - last);
    last = now;
  }
  return gaps.slice(1);
}`;

/**
 * An open queue of 10,000 waiting escalations in Chromium: how long a submission takes to stand in the list while fifty a
 * second are offered, how evenly it scrolls meanwhile nothing arrives, and how long a filter takes.
 */
export async function benchQueue(console: BenchConsole, seconds: number): Promise<BenchReport> {
  const bench = await prepareReviews(console, 1);
  await fillQueue(console, bench);
  const { browser, page } = await openBenchPage(console.origin, bench.reviewers[0]?.cookie ?? '');
  try {
    await page.addInitScript(WATCH_ROWS);
    const opened = performance.now();
    await page.goto(`${console.origin}/queue`);
    await page.locator('[data-row]').first().waitFor();
    const openMs = performance.now() - opened;
    const arrivals: { p50: number; p95: number }[] = [];
    // The first round warms the server and the page up.
    for (let n = 0; n <= REPETITIONS; n++) {
      const times = await offer(page, bench, Math.max(2, Math.round(seconds / REPETITIONS)), n);
      if (n > 0) arrivals.push({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
    }
    const frames: FrameFigures[] = [];
    for (let n = 0; n < REPETITIONS; n++) {
      const gaps = (await page.evaluate(`(${SCROLL})(${SCROLL_MS})`)) as number[];
      frames.push(frameFigures(gaps));
    }
    const filters = await filter(page);
    const p95 = spreadOf(arrivals.map((each) => each.p95));
    const rate = spreadOf(frames.map((each) => each.rate));
    const one = (median: number): Spread => ({ median, min: median, max: median });
    return {
      name: 'queue',
      work: `${OFFERED_PER_SECOND} submissions/s over HTTP, ${PENDING.toLocaleString('en')} waiting: from sent to standing in the list of an open browser`,
      reference: 'none: milliseconds and frames on this machine',
      repetitions: REPETITIONS,
      records: arrivals.length * SAMPLE,
      conditions: [
        console.durability,
        describeMachine(),
        `Chromium ${browser.version()}, headless, drawing in software on the same cores`,
        'each submission ends before all others, so that it belongs at the top of the list; the list is read at its top',
        `scrolled ${SCROLL_MS / 1_000} s by 90 px a frame, loading further pages on the way`,
      ],
      notIncluded: [
        'weighing the action (evaluation), made before',
        'TLS',
        'a network between them',
        'a screen',
      ],
      rows: [
        { figure: 'sent → in the list, p50', unit: 'ms', spread: spreadOf(arrivals.map(({ p50 }) => p50)) },
        { figure: 'sent → in the list, p95', unit: 'ms', spread: p95 },
        { figure: 'queue opened', unit: 'ms', spread: one(openMs) },
        ...frameRows('scrolling', frames),
        { figure: 'filter chosen → list drawn', unit: 'ms', spread: spreadOf(filters) },
      ],
      ratios: [
        { figure: 'p95, ms', spread: p95, goal: '≤ 300', reached: p95.median <= 300 },
        { figure: 'frames a second', spread: rate, goal: '≥ 58', reached: rate.median >= 58 },
      ],
    };
  } finally {
    await browser.close();
  }
}

/** One escalation through the API; the others are its copies under ids, keys and times of their own. */
async function fillQueue({ ownerUrl }: BenchConsole, bench: ReviewBench): Promise<void> {
  const { id } = await bench.submit();
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(
      `INSERT INTO escalations SELECT (jsonb_populate_record(e, jsonb_build_object(
           'id', 'esc_' || overlay(gen_random_uuid()::text PLACING '7' FROM 15 FOR 1), 'idempotency_key', 'copy-' || n,
           'evaluation', 'copy-' || n, 'instance', md5('copy' || n),
           'expires_at', e.expires_at - n % 7200 * interval '1 second'))).*
         FROM escalations e, generate_series(2, $2::int) AS n WHERE e.id = $1 AND e.tenant = $3`,
      [id, PENDING, BENCH_TENANT],
    );
    await owner.query('ANALYZE escalations');
  } finally {
    await owner.end();
  }
}

/** Submissions at a fixed rate, whether or not earlier ones were answered; milliseconds until each stood in the page. */
async function offer(page: Page, bench: ReviewBench, seconds: number, round: number): Promise<number[]> {
  const count = seconds * OFFERED_PER_SECOND;
  const evaluated = [];
  for (let n = 0; n < count; n++) evaluated.push(await bench.evaluate());
  const sent = new Map<string, number>();
  const start = performance.now();
  const base = Date.now() + 90 * 60_000 - round * 10 * 60_000;
  await Promise.all(
    evaluated.map(async (each, n) => {
      const due = start + (n * 1_000) / OFFERED_PER_SECOND;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const at = performance.timeOrigin + performance.now();
      const task = await bench.gateway.escalate({
        ...each,
        expiresAt: new Date(base - n * 1_000).toISOString(),
      });
      if (!task.ok) throw new Error(`The submission answered ${task.code}.`);
      sent.set(task.value.id, at);
    }),
  );
  const last = [...sent.keys()].at(-1) ?? '';
  await page.waitForFunction((id) => id in (window as unknown as { benchSeen: object }).benchSeen, last, {
    timeout: 30_000,
  });
  const seen = await page.evaluate(
    () => (window as unknown as { benchSeen: Record<string, number> }).benchSeen,
  );
  // Those that others pushed below the window before they were drawn never stood in it.
  return [...sent].flatMap(([id, at]) => (seen[id] === undefined ? [] : [seen[id] - at]));
}

/** To and fro between all and those that nobody holds: milliseconds from the choice to the list. */
async function filter(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < FILTERED; n++) {
    const chosen = n % 2 === 0 ? 'Unclaimed' : 'All';
    const button = page.getByRole('button', { name: new RegExp(`^${chosen}`) }).first();
    const start = performance.now();
    await button.click();
    // Pressed in the same drawing that lets the old list go.
    await page.locator('.list-head [aria-pressed="true"]', { hasText: chosen }).waitFor();
    await page.locator('[data-row]').first().waitFor();
    times.push(performance.now() - start);
  }
  return times.slice(2);
}
