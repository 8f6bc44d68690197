/**
 * The tree inside an OpenTimestamps proof: from one message, operations lead to further messages, and attestations speak
 * for the message at which they stand (python-opentimestamps `core/timestamp.py`).
 *
 *   timestamp = { ff ‖ step } ‖ step           ff before every step but the last
 *   step      = 00 ‖ attestation  |  operation ‖ timestamp of its result
 */
import { concatBytes } from '@/lib/core/bytes';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { type Attestation, formatAttestation, parseAttestation } from './attestation';
import { applyOperation, formatOperation, type Operation, parseOperation } from './operation';
import { OtsCursor } from './ots-cursor';
import type { OtsErrorCode } from './ots-error';

/** As the reference implementation: the message at the top, and 255 operations below each other. */
const MAX_DEPTH = 256;
/** Operations and attestations of one proof; with 4,096 bytes a message this bounds the work of reading one. */
const MAX_STEPS = 16_384;
/** Each becomes a line that a person reads; calendars are a handful. */
const MAX_ATTESTATIONS = 256;
/** What the reference client accepts from a calendar. */
export const MAX_ANSWER_BYTES = 10_000;

const FORK = 0xff;
const ATTESTATION = 0x00;

export type TimestampStep =
  | { readonly attestation: Attestation }
  | { readonly operation: Operation; readonly next: Timestamp };

/** At least one step, in the order of the bytes. */
export interface Timestamp {
  readonly message: Uint8Array;
  readonly steps: readonly TimestampStep[];
}

/** An attestation, what it speaks for, and the way from the top to it. */
export interface AttestedMessage {
  readonly attestation: Attestation;
  readonly message: Uint8Array;
  readonly operations: readonly Operation[];
}

/** A tree over a known message, as a calendar answers it (GET /timestamp/…, POST /digest). */
export function parseTimestamp(bytes: Uint8Array, message: Uint8Array): Result<Timestamp, OtsErrorCode> {
  if (bytes.length > MAX_ANSWER_BYTES) return err('ots_too_large');
  const cursor = new OtsCursor(bytes);
  const timestamp = readTimestamp(cursor, message);
  return timestamp && cursor.end() ? ok(timestamp) : err(cursor.failure ?? 'ots_truncated');
}

/** The tree that stands at the cursor. */
export function readTimestamp(cursor: OtsCursor, message: Uint8Array): Timestamp | undefined {
  let stepsLeft = MAX_STEPS;
  let attestationsLeft = MAX_ATTESTATIONS;

  function read(at: Uint8Array, depth: number): Timestamp | undefined {
    if (depth >= MAX_DEPTH) return cursor.fail('ots_too_deep');
    const steps: TimestampStep[] = [];
    for (;;) {
      const tag = cursor.byte();
      const isLast = tag !== FORK;
      const step = readStep(isLast ? tag : cursor.byte(), at, depth);
      if (!step) return undefined;
      steps.push(step);
      if (isLast) return { message: at, steps };
    }
  }

  function readStep(tag: number | undefined, at: Uint8Array, depth: number): TimestampStep | undefined {
    if (tag === undefined) return undefined;
    if (--stepsLeft < 0) return cursor.fail('ots_too_many_steps');
    if (tag === ATTESTATION) {
      if (--attestationsLeft < 0) return cursor.fail('ots_too_many_steps');
      const attestation = parseAttestation(cursor);
      return attestation && { attestation };
    }
    const operation = parseOperation(cursor, tag);
    if (!operation) return undefined;
    const result = applyOperation(operation, at);
    if (!result) return cursor.fail('ots_result_length');
    const next = read(result, depth + 1);
    return next && { operation, next };
  }

  return read(message, 0);
}

/** Inverse of `parseTimestamp`. */
export function formatTimestamp(timestamp: Timestamp): Uint8Array {
  invariant(timestamp.steps.length > 0, 'formatTimestamp: a timestamp without steps');
  const last = timestamp.steps.length - 1;
  return concatBytes(
    ...timestamp.steps.flatMap((step, index) => [
      index < last ? Uint8Array.of(FORK) : new Uint8Array(0),
      ...('attestation' in step
        ? [Uint8Array.of(ATTESTATION), formatAttestation(step.attestation)]
        : [formatOperation(step.operation), formatTimestamp(step.next)]),
    ]),
  );
}

/** Every attestation of the tree, in the order of the bytes. */
export function listAttested(timestamp: Timestamp): AttestedMessage[] {
  const found: AttestedMessage[] = [];
  function visit(at: Timestamp, operations: readonly Operation[]): void {
    for (const step of at.steps) {
      if ('attestation' in step) {
        found.push({ attestation: step.attestation, message: at.message, operations });
      } else visit(step.next, [...operations, step.operation]);
    }
  }
  visit(timestamp, []);
  return found;
}
