/**
 * "Try tampering": evidence held in memory, every field of it that can be changed one bit at a time, and the same checks
 * that judge the real one. Nothing here reaches a console: what is changed is a copy.
 */
import type { Check } from '@/lib/integrity/check';

/** A field of a stored artefact, as a person chooses it. */
export interface TamperTarget {
  id: string;
  /** What is stored, in words: `the decision's record`. */
  artefact: string;
  /** Which part of it: `signature`. */
  field: string;
  /** Bytes that can be changed. */
  length: number;
  /** Why nothing can notice a change of it, where that is so: nobody signed it. */
  unsigned?: string;
}

/** A target with the way to its bytes. */
export interface Lens<E> extends Omit<TamperTarget, 'length'> {
  read(evidence: E): Uint8Array;
  write(evidence: E, bytes: Uint8Array): E;
}

/** Evidence of some kind, its fields, and its checks. */
export interface TamperCase<E> {
  evidence: E;
  lenses(evidence: E): Lens<E>[];
  verify(evidence: E): Promise<Check[]>;
}

/** What a person may change. */
export function listTamperTargets<E>(given: TamperCase<E>): TamperTarget[] {
  return given.lenses(given.evidence).map(({ id, artefact, field, unsigned, read }) => ({
    id,
    artefact,
    field,
    length: read(given.evidence).length,
    ...(unsigned !== undefined && { unsigned }),
  }));
}

export interface Tampered<E> {
  evidence: E;
  /** The byte that was changed, from 0, and its value before and after. */
  byte: number;
  before: number;
  after: number;
}

/**
 * The same evidence with one bit of one field changed; null for a field that is not there. Bits count from the first
 * byte's highest; beyond the last they begin again.
 */
export function applyTamper<E>(given: TamperCase<E>, targetId: string, bit: number): Tampered<E> | null {
  const lens = given.lenses(given.evidence).find(({ id }) => id === targetId);
  const bytes = lens?.read(given.evidence).slice();
  if (!lens || !bytes || bytes.length === 0) return null;
  const at = bit % (bytes.length * 8);
  const byte = Math.floor(at / 8);
  const before = bytes[byte] as number;
  const after = before ^ (0x80 >> (at % 8));
  bytes[byte] = after;
  return { evidence: lens.write(given.evidence, bytes), byte, before, after };
}

/** A line that came out otherwise for the changed evidence. */
export interface TamperEffect {
  before: Check;
  /** Null when the line is not there any more. */
  after: Check | null;
}

/** The lines that are VALID for the one and not for the other, those that are INVALID first. */
export function compareChecks(before: readonly Check[], after: readonly Check[]): TamperEffect[] {
  const byId = new Map(after.map((check) => [check.id, check]));
  const changed = before
    .filter(({ verdict }) => verdict === 'valid')
    .map((check) => ({ before: check, after: byId.get(check.id) ?? null }))
    .filter(({ after: now }) => now?.verdict !== 'valid');
  const known = new Set(before.map(({ id }) => id));
  const fresh = after
    .filter(({ id, verdict }) => !known.has(id) && verdict === 'invalid')
    .map((check) => ({ before: { ...check, verdict: 'not-checked' as const }, after: check }));
  return [...changed, ...fresh].sort(
    (a, b) => Number(b.after?.verdict === 'invalid') - Number(a.after?.verdict === 'invalid'),
  );
}
