import './strict-worker';
import { prepareFastHash } from '@/lib/core/fast-hash';
import { captureDecision } from '@/lib/evidence/tamper/decision-evidence';
import { decisionCase } from '@/lib/evidence/tamper/decision-lenses';
import { captureStream } from '@/lib/evidence/tamper/stream-evidence';
import { streamCase } from '@/lib/evidence/tamper/stream-lenses';
import {
  applyTamper,
  compareChecks,
  listTamperTargets,
  type TamperCase,
} from '@/lib/evidence/tamper/tamper-case';
import { createHttpSource } from './http-source';
import { readMemory } from './memory';
import type { TamperAttempt, TamperEvent, TamperRequest, TamperSubject } from './tamper-protocol';

/** The library for pages has no worker scope; this is the part of it that is used. */
const scope = globalThis as unknown as {
  postMessage(event: TamperEvent): void;
  onmessage: ((message: MessageEvent<TamperRequest>) => void) | null;
};

interface Opened {
  targets: ReturnType<typeof listTamperTargets>;
  valid: number;
  attempt(target: string, bit: number): Promise<TamperAttempt | null>;
}

let opened: Opened | null = null;

scope.onmessage = ({ data }) => {
  const work = data.type === 'open' ? open(data.subject) : attempt(data.target, data.bit);
  work.then(
    (event) => scope.postMessage(event),
    (error: unknown) =>
      scope.postMessage({ type: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
  );
};

async function open(subject: TamperSubject): Promise<TamperEvent> {
  await prepareFastHash();
  opened = subject.kind === 'decision' ? await openDecision(subject) : await openStream(subject);
  return { type: 'opened', targets: opened.targets, valid: opened.valid };
}

async function attempt(target: string, bit: number): Promise<TamperEvent> {
  const made = await opened?.attempt(target, bit);
  if (!made) throw new Error('there is nothing of this name to change');
  return { type: 'tried', attempt: made };
}

async function openDecision({ detail, material }: Extract<TamperSubject, { kind: 'decision' }>) {
  const { checkpoint } = await readMemory(material.log?.origin ?? 'no log', [], { own: true });
  const evidence = await captureDecision(detail, material, createHttpSource(), {
    remembered: checkpoint,
    nowMs: Date.now(),
  });
  return prepare(decisionCase(evidence));
}

async function openStream({ stream, log }: Extract<TamperSubject, { kind: 'stream' }>) {
  const evidence = await captureStream(stream, log, createHttpSource());
  if (!evidence) throw new Error('no checkpoint covers a record of this stream yet');
  return prepare(streamCase(evidence));
}

async function prepare<E>(given: TamperCase<E>): Promise<Opened> {
  const baseline = await given.verify(given.evidence);
  const targets = listTamperTargets(given).filter(({ length }) => length > 0);
  return {
    targets,
    valid: baseline.filter(({ verdict }) => verdict === 'valid').length,
    async attempt(id, bit) {
      const target = targets.find((one) => one.id === id);
      const tampered = applyTamper(given, id, bit);
      if (!target || !tampered) return null;
      const { byte, before, after, evidence } = tampered;
      const effects = compareChecks(baseline, await given.verify(evidence));
      return { target, byte, before, after, effects };
    },
  };
}
