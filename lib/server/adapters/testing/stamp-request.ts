import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { verifyWorm } from '@/lib/integrity/witness/worm/verify-worm';
import { parseWormStatement, type WormStatement } from '@/lib/integrity/witness/worm/worm-statement';
import { type StampRequest, WitnessError } from '../../witnesses/witness-adapter';

/** A request as the durable queue makes them. */
export function stampRequest(note: Uint8Array, more: Partial<StampRequest> = {}): StampRequest {
  return {
    size: 1,
    note,
    stamp: new Uint8Array(createHash('sha256').update(note).digest()),
    lastSize: 0,
    consistency: async () => [],
    nonce: (bytes) => new Uint8Array(randomBytes(bytes)),
    nowMs: Date.now(),
    signal: new AbortController().signal,
    ...more,
  };
}

/** The error of a call that must fail with one of the adapters' codes. */
export async function witnessErrorOf(promise: Promise<unknown>): Promise<WitnessError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WitnessError);
  return error as WitnessError;
}

/** What a verifier finds in a store's receipt that it has read itself: `valid`, or the codes. */
export async function wormFinding(receipt: Uint8Array, note: Uint8Array): Promise<string> {
  const options = { nowMs: Date.now(), freshlyRead: true };
  const report = await verifyWorm(receipt, { kind: 'bytes', bytes: note }, { auditKeys: [] }, options);
  return report.checks.flatMap(({ code }) => code ?? []).join(' ') || report.verdict;
}

export function statementOf(receipt: Uint8Array): WormStatement {
  const parsed = parseWormStatement(receipt);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value;
}
