import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { createRecordSender, type NewRecord } from '@/lib/gateway/record-sender';
import { createTransport } from '@/lib/gateway/transport';
import { registerProducer } from '@/lib/server/producers/register-producer';
import { newId, newSubjectToken } from '@/lib/server/random';
import type { BenchConsole } from './bench-console';
import { BENCH_TENANT } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { type FrameFigures, frameFigures, frameRows } from './frame-figures';
import { openBenchPage } from './open-bench-page';
import { signInCompliance } from './serve-loaded';
import { spreadOf } from './statistics';

/** Decisions that followed from each of the two in the middle: as many as one node can be asked to show. */
const FOLLOWED = 500;
const SHOWN = 1_000;
/** The agent of the second of them. */
const SECOND = 'settler';
const REPETITIONS = 5;
const MOVE_MS = 3_000;

/** Drags the drawing in circles, one move a frame, and gives the time between frames. */
const PAN = `async (ms) => {
  const pane = document.querySelector('.react-flow__pane');
  const { left, top, width, height } = pane.getBoundingClientRect();
  const at = (turn) => ({
    clientX: left + width / 2 + Math.cos(turn) * 160, clientY: top + height / 2 + Math.sin(turn) * 120,
    bubbles: true, cancelable: true, view: window, button: 0, buttons: 1,
  });
  pane.dispatchEvent(new MouseEvent('mousedown', at(0)));
  const gaps = await eachFrame(ms, (frame) => window.dispatchEvent(new MouseEvent('mousemove', at(frame / 12))));
  // Back to where it began, so that everything stays in view.
  window.dispatchEvent(new MouseEvent('mousemove', at(0)));
  window.dispatchEvent(new MouseEvent('mouseup', at(0)));
  return gaps;
}`;

/** Zooms in from everything to single things and out again, one notch a frame. */
const ZOOM = `async (ms) => {
  const pane = document.querySelector('.react-flow__pane');
  const { left, top, width, height } = pane.getBoundingClientRect();
  return eachFrame(ms, (frame) => pane.dispatchEvent(new WheelEvent('wheel', {
    clientX: left + width / 2, clientY: top + height / 2, deltaY: frame % 120 < 60 ? -32 : 32, ctrlKey: true,
    bubbles: true, cancelable: true, view: window,
  })));
}`;

const EACH_FRAME = `
  window.eachFrame = async (ms, move) => {
    const gaps = [];
    const start = await new Promise(requestAnimationFrame);
    let last = start;
    for (let frame = 0; last - start < ms; frame++) {
      move(frame);
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    return gaps;
  };
`;

/**
 * The lineage of two decisions from which five hundred others followed each, expanded in Chromium until a thousand nodes
 * are drawn: how evenly the drawing moves while all of it is in view, and while it is zoomed.
 */
export async function benchLineage(console: BenchConsole): Promise<BenchReport> {
  const { center, records } = await record(console.origin);
  const { browser, page } = await openBenchPage(console.origin, await signInCompliance());
  try {
    await page.addInitScript(EACH_FRAME);
    await page.goto(`${console.origin}/lineage?node=${center}`);
    await expandAll(page, null);
    await expandAll(page, SECOND);
    await showAll(page);
    const nodes = await page.locator('[data-node]').count();
    const pans: FrameFigures[] = [];
    const zooms: FrameFigures[] = [];
    // The first of each warms the page up.
    for (let n = 0; n <= REPETITIONS; n++) {
      await showAll(page);
      const pan = frameFigures(await page.evaluate(`(${PAN})(${MOVE_MS})`));
      const zoom = frameFigures(await page.evaluate(`(${ZOOM})(${MOVE_MS})`));
      if (n === 0) continue;
      pans.push(pan);
      zooms.push(zoom);
    }
    const rate = spreadOf(pans.map((each) => each.rate));
    return {
      name: 'lineage',
      work: `${nodes.toLocaleString('en')} nodes with their edges in view of an open browser, dragged and zoomed`,
      reference: 'none: frames on this machine',
      repetitions: REPETITIONS,
      records,
      conditions: [
        console.durability,
        describeMachine(),
        `Chromium ${browser.version()}, headless, drawing in software on the same cores`,
        `${MOVE_MS / 1_000} s each of dragging with everything in view, and of zooming in to single things and out`,
      ],
      notIncluded: ['TLS', 'a network between them', 'a screen'],
      rows: [...frameRows('dragging', pans), ...frameRows('zooming', zooms)],
      ratios: [
        { figure: 'dragging, frames a second', spread: rate, goal: '≥ 50', reached: rate.median >= 50 },
      ],
    };
  } finally {
    await browser.close();
  }
}

/** Asks for more of a node (null: of the centre) until there is nothing more to ask for. */
async function expandAll(page: Page, agent: string | null): Promise<void> {
  if (agent !== null) await page.getByRole('treeitem').filter({ hasText: agent }).first().click();
  const chosen = page.getByRole('region', { name: 'Chosen node' });
  const more = chosen.getByRole('button', { name: 'Show more of it' });
  const shown = page.locator('.lsum .num').first();
  await chosen.waitFor();
  while ((await more.count()) > 0) {
    const before = await shown.textContent();
    await more.click();
    await page.waitForFunction((was) => document.querySelector('.lsum .num')?.textContent !== was, before);
  }
}

/** Brings everything into view, where all of it is drawn as shapes of one picture. */
async function showAll(page: Page): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    await page.getByRole('button', { name: 'Fit View' }).click();
    const all = page.locator('[data-node]').nth(SHOWN - 1);
    // A drawing that comes late chooses its own view.
    if (
      await all.waitFor({ state: 'attached', timeout: 2_000 }).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  const shown = await page.locator('[data-node]').count();
  throw new Error(`Only ${shown} of ${SHOWN} things are drawn.`);
}

/** The two decisions and what followed from them, sent by a gateway over HTTP. */
async function record(origin: string): Promise<{ center: string; records: number }> {
  const seed = new Uint8Array(randomBytes(32));
  const id = 'spiffe://bench.example/gateway/lineage';
  const { keyid } = await registerProducer({
    tenant: BENCH_TENANT,
    id,
    name: 'Lineage',
    kind: 'gateway',
    publicKey: publicKeyOf(seed),
    by: 'bench',
  });
  const sender = createRecordSender({
    transport: createTransport({ origin, keyid, seed }),
    producerId: id,
    stream: id,
    keyid,
    seed,
  });
  const center = decision('orchestrator', null);
  const second = decision(SECOND, center.id);
  const records = [center, second];
  for (let n = 1; n < FOLLOWED; n++) records.push(decision(`worker-${n % 7}`, center.id));
  for (let n = 0; n < FOLLOWED; n++) records.push(decision(`payer-${n % 5}`, second.id));
  for (const sent of await sender.recordMany(records))
    if (!sent.ok) throw new Error(`A record was refused: ${sent.code}.`);
  return { center: center.id, records: records.length };
}

const decision = (agent: string, parent: string | null): NewRecord => ({
  kind: 'decision',
  id: newId('dec', Date.now()),
  body: decisionBody(agent, parent),
});

const digestOf = (text: string) => formatDigest('sha-256', sha256(new TextEncoder().encode(text)));

function decisionBody(agent: string, parent: string | null): NewRecord['body'] {
  const token = newSubjectToken();
  return {
    identity: {
      agent: { id: agent, name: agent, version: '1.0.0' },
      principal: { type: 'customer', token },
      ...(parent === null ? {} : { parents: [parent] }),
    },
    input: { digest: digestOf(token), media_type: 'application/json', byte_count: 812 },
    model: { provider: 'example', name: 'pay-2', version: '2026-10-01' },
    context: { prompt: { template: 'settle', version: '7', digest: digestOf('settle') } },
    output: {
      action: { name: 'claim.settle', tier: 'bounded' },
      outcome: { verdict: 'allow', source: 'gateway', reason_code: 'within_perimeter' },
    },
  };
}
