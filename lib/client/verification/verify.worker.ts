import './strict-worker';
import { parseBase64url } from '@/lib/core/encoding';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { type EvidenceSource, unavailable } from '@/lib/evidence/evidence-source';
import type { DecisionMaterial, TenantMaterial } from '@/lib/evidence/verification-material';
import { verifyDecision } from '@/lib/evidence/verify-decision';
import { checkCheckpoint, checkConsistency, checkInclusion } from '@/lib/evidence/verify-log';
import { verifyStream } from '@/lib/evidence/verify-stream';
import type { Check } from '@/lib/integrity/check';
import type { VerifiedCheckpoint } from '@/lib/integrity/checkpoint';
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

/**
 * Every stream from its first record, and that the log holds its last covered link, which commits to all before it. One
 * that cannot be read does not stop the others.
 */
async function runTenant(material: TenantMaterial): Promise<void> {
  const origin = material.log?.origin ?? 'no log';
  const source = createHttpSource({ gate });
  const heads: { stream: string; position: number; link: Uint8Array }[] = [];
  for (const { stream, head, integrated, keys } of material.streams) {
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
          keepLinks: new Set(integrated ? [integrated] : []),
        },
        source,
        {
          progress: (progress) => tell({ type: 'progress', ...progress }),
          finding: (finding) => tell({ type: 'finding', stream, finding }),
        },
      );
      const link = integrated === undefined ? undefined : report.links.get(integrated);
      if (integrated !== undefined && link) heads.push({ stream, position: integrated, link });
      tell({ type: 'stream', stream, records: report.records, checks: report.checks });
      if (report.checks.every(({ verdict }) => verdict === 'valid'))
        await rememberPoints(origin, stream, report.points);
    } catch (error) {
      const check = {
        id: 'chain.link',
        title: 'Chain',
        verdict: 'not-checked',
        compared: 'the stream from its start',
        where: { stream },
        reason: unavailable(error),
      } as const;
      tell({ type: 'stream', stream, records: 0, checks: [check] });
    }
  }
  if (material.log) await runLog(material.log, heads, source);
}

async function runLog(
  log: NonNullable<TenantMaterial['log']>,
  heads: readonly { stream: string; position: number; link: Uint8Array }[],
  source: EvidenceSource,
): Promise<void> {
  tell({ type: 'running', id: log.origin, title: log.origin });
  const checks: Check[] = [];
  let newest: VerifiedCheckpoint | null = null;
  for (const record of heads) {
    const titled = { id: `log.inclusion ${record.stream}`, title: 'Inclusion' };
    try {
      const evidence = await source.inclusion(record.stream, record.position);
      if (!evidence) continue;
      const { check, checkpoint } = checkCheckpoint(evidence.checkpoint, log);
      if (newest === null || !checkpoint) checks.push(check);
      if (!checkpoint) break;
      newest = checkpoint;
      checks.push(checkInclusion(record, evidence, checkpoint, titled));
    } catch (error) {
      const compared = "the stream's last covered link under a signed root";
      checks.push({ ...titled, verdict: 'not-checked', compared, reason: unavailable(error) });
    }
  }
  if (newest) {
    const { checkpoint: remembered } = await readMemory(log.origin, [], true);
    const check = await checkConsistency(newest, log.vkey, remembered, source);
    checks.push(check);
    const isWhole = checks.every(({ verdict }) => verdict !== 'invalid');
    if (isWhole && newest.size >= (remembered?.size ?? 0)) {
      const { size, root } = newest;
      await rememberCheckpoint(log.origin, { size, root, vkey: log.vkey, atMs: Date.now() });
    }
  }
  tell({ type: 'stream', stream: log.origin, records: 0, checks });
}
