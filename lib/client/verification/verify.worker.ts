import './strict-worker';
import { parseBase64url } from '@/lib/core/encoding';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { unavailable } from '@/lib/evidence/evidence-source';
import type { DecisionMaterial, TenantMaterial } from '@/lib/evidence/verification-material';
import { verifyDecision } from '@/lib/evidence/verify-decision';
import { verifyStream } from '@/lib/evidence/verify-stream';
import { createHttpSource } from './http-source';
import { readMemory, rememberCheckpoint, rememberPoints } from './memory';
import type { VerificationEvent, VerificationRequest } from './protocol';

/** The library for pages has no worker scope; this is the part of it that is used. */
const scope = globalThis as unknown as {
  postMessage(event: VerificationEvent): void;
  onmessage: ((message: MessageEvent<VerificationRequest>) => void) | null;
};
const tell = (event: VerificationEvent) => scope.postMessage(event);

let paused: { wait: Promise<void>; go: () => void } | null = null;
const gate = async () => {
  if (paused) await paused.wait;
};

scope.onmessage = ({ data }) => {
  if (data.type === 'pause') {
    if (paused) return;
    let go = () => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    paused = { wait, go };
  } else if (data.type === 'resume') {
    paused?.go();
    paused = null;
  } else {
    const run =
      data.type === 'decision'
        ? runDecision(data.detail, data.material, data.fromStart)
        : runTenant(data.material);
    run.then(
      () => tell({ type: 'done' }),
      (error: unknown) =>
        tell({ type: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
    );
  }
};

async function runDecision(
  detail: DecisionDetail,
  material: DecisionMaterial,
  fromStart: boolean,
): Promise<void> {
  const origin = material.log?.origin ?? 'no log';
  const streams = material.streams.map(({ stream }) => stream);
  const result = await verifyDecision(detail, material, createHttpSource({ gate }), {
    clock: () => performance.now(),
    nowMs: Date.now(),
    memory: await readMemory(origin, streams, fromStart),
    running: ({ id, title }) => tell({ type: 'running', id, title }),
    check: (check) => tell({ type: 'check', check }),
    progress: (progress) => tell({ type: 'progress', ...progress }),
  });
  for (const { stream, points } of result.points) await rememberPoints(origin, stream, points);
  if (result.checkpoint) await rememberCheckpoint(origin, result.checkpoint);
}

/** Every stream from its first record; one that cannot be read does not stop the others. */
async function runTenant(material: TenantMaterial): Promise<void> {
  const origin = material.log?.origin ?? 'no log';
  const source = createHttpSource({ gate });
  for (const { stream, head, keys } of material.streams) {
    tell({ type: 'running', id: stream, title: stream });
    try {
      const report = await verifyStream(
        {
          stream,
          to: head,
          keys: keys.flatMap(({ keyid, publicKey }) => {
            const bytes = parseBase64url(publicKey);
            return bytes.ok ? [{ keyid, publicKey: bytes.value }] : [];
          }),
          start: null,
        },
        source,
        {
          progress: (progress) => tell({ type: 'progress', ...progress }),
          finding: (finding) => tell({ type: 'finding', stream, finding }),
        },
      );
      tell({ type: 'stream', stream, records: report.records, checks: report.checks });
      if (report.checks.every(({ verdict }) => verdict === 'valid'))
        await rememberPoints(origin, stream, report.points);
    } catch (error) {
      tell({
        type: 'stream',
        stream,
        records: 0,
        checks: [
          {
            id: 'chain.link',
            title: 'Chain',
            verdict: 'not-checked',
            compared: 'the stream from its start',
            where: { stream },
            reason: unavailable(error),
          },
        ],
      });
    }
  }
}
