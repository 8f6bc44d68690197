/**
 * How a proof comes about and matures. The console appends a nonce to the stamp and submits the SHA-256 of both, so that
 * a calendar learns nothing that it could recognise; calendars answer with trees over that commitment, which are merged.
 * Hours later each calendar answers, for what it had promised, the tree that leads on to a block.
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { formatAttestation } from './attestation';
import type { DetachedTimestamp } from './detached-timestamp';
import { applyOperation, formatOperation, type Operation } from './operation';
import { listAttested, type Timestamp, type TimestampStep } from './timestamp';

/** What is sent to calendars for a 32-byte stamp: SHA-256(stamp ‖ nonce). */
export function commitmentOf(stamp: Uint8Array, nonce: Uint8Array): Uint8Array {
  return operationsOf(nonce).reduce((message, operation) => mustApply(operation, message), stamp);
}

/** The proof that calendars' answers over `commitmentOf(stamp, nonce)` add up to; at least one answer. */
export function startTimestamp(
  stamp: Uint8Array,
  nonce: Uint8Array,
  answers: readonly Timestamp[],
): DetachedTimestamp {
  const [append, digest] = operationsOf(nonce);
  const salted = mustApply(append, stamp);
  const merged = answers.reduce(mergeTimestamps);
  invariant(equalBytes(merged.message, mustApply(digest, salted)), 'startTimestamp: commitment');
  const inner: Timestamp = { message: salted, steps: [{ operation: digest, next: merged }] };
  return {
    fileHash: 'sha256',
    timestamp: { message: stamp, steps: [{ operation: append, next: inner }] },
  };
}

/** What calendars still owe: each with the message that it is asked about. */
export function listPending(proof: DetachedTimestamp): { calendar: string; commitment: Uint8Array }[] {
  return listAttested(proof.timestamp).flatMap(({ attestation, message }) =>
    attestation.kind === 'pending' ? [{ calendar: attestation.calendar, commitment: message }] : [],
  );
}

/** Whether a block is named somewhere in the proof; nothing is verified by that. */
export function namesBlock(timestamp: Timestamp): boolean {
  return listAttested(timestamp).some(({ attestation }) => attestation.kind === 'bitcoin');
}

/** The proof with an answer merged in wherever its message stands. */
export function growTimestamp(proof: DetachedTimestamp, answer: Timestamp): DetachedTimestamp {
  return { ...proof, timestamp: graft(proof.timestamp, answer) };
}

/** Both trees in one, each step once, in the order that the reference implementation writes. */
export function mergeTimestamps(a: Timestamp, b: Timestamp): Timestamp {
  invariant(equalBytes(a.message, b.message), 'mergeTimestamps: messages differ');
  const steps = new Map<string, TimestampStep>();
  for (const step of [...a.steps, ...b.steps]) {
    const key = keyOf(step);
    const twin = steps.get(key);
    steps.set(
      key,
      twin && 'next' in twin && 'next' in step
        ? { operation: step.operation, next: mergeTimestamps(twin.next, step.next) }
        : step,
    );
  }
  return { message: a.message, steps: [...steps.values()].sort(compareSteps) };
}

function graft(at: Timestamp, answer: Timestamp): Timestamp {
  const steps = at.steps.map((step) =>
    'next' in step ? { operation: step.operation, next: graft(step.next, answer) } : step,
  );
  const grown = { message: at.message, steps };
  return equalBytes(at.message, answer.message) ? mergeTimestamps(grown, answer) : grown;
}

function operationsOf(nonce: Uint8Array): [Operation, Operation] {
  return [{ name: 'append', argument: nonce }, { name: 'sha256' }];
}

function mustApply(operation: Operation, message: Uint8Array): Uint8Array {
  const result = applyOperation(operation, message);
  invariant(result, 'mustApply: a stamp and a nonce are short');
  return result;
}

function keyOf(step: TimestampStep): string {
  return 'attestation' in step
    ? `0${formatHex(formatAttestation(step.attestation))}`
    : `1${formatHex(formatOperation(step.operation))}`;
}

/** Attestations first; blocks by height, everything else by tag and then by content. */
function compareSteps(a: TimestampStep, b: TimestampStep): number {
  if ('attestation' in a && 'attestation' in b) {
    const [one, other] = [a.attestation, b.attestation];
    if (one.kind === 'bitcoin' && other.kind === 'bitcoin') return one.height - other.height;
    if (one.kind === 'pending' && other.kind === 'pending') return compareText(one.calendar, other.calendar);
  }
  if ('next' in a && 'next' in b && 'argument' in a.operation && 'argument' in b.operation) {
    if (a.operation.name === b.operation.name) {
      return compareText(formatHex(a.operation.argument), formatHex(b.operation.argument));
    }
  }
  return compareText(keyOf(a), keyOf(b));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
