/**
 * Stores that keep an object unchangeable until a date, behind one small interface: S3 Object Lock, Azure immutable blobs,
 * Google object retention. The stamped bytes are put under a key made of their SHA-256, locked until a date, read back,
 * and what was read is the receipt (`countersign/worm/v1`). Asked again for the same stamp, the object already there serves.
 */
import { z } from 'zod';
import { equalBytes } from '@/lib/core/bytes';
import { formatBase64, formatHex } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { formatWormStatement, type WormStatement } from '@/lib/integrity/witness/worm/worm-statement';
import { nowMs } from '../clock';
import { type StampAnswer, type StampRequest, WitnessError } from '../witnesses/witness-adapter';

/** An object as the store answers it, lock and bytes in one answer. */
export interface StoredObject {
  bytes: Uint8Array;
  versionId: string | null;
  /** Base64, as the store states it. */
  checksumSha256: string | null;
  /** The store's own word. */
  mode: string | null;
  retainUntilMs: number | null;
  legalHold: boolean | null;
}

export interface WriteOnceStore {
  provider: WormStatement['provider'];
  bucket: string;
  /** Null where there is no such object. Without a version: the newest. @throws WitnessError */
  read(key: string, versionId: string | null): Promise<StoredObject | null>;
  /** Answers the version written. @throws WitnessError */
  write(key: string, bytes: Uint8Array, retainUntilMs: number): Promise<string | null>;
}

/** Settings that every store has. */
export const storeSettings = {
  /** Begins every key; may hold slashes. */
  prefix: z
    .string()
    .max(200)
    .regex(/^([A-Za-z0-9._-]+\/)*$/, 'folders of letters, digits, dots, dashes, each with a slash behind it')
    .default(''),
  /** For how long each stamp is locked. */
  retainDays: z.int().min(1).max(36_500),
};

/** Longer than any signed checkpoint; nothing longer is read back. */
export const MAX_OBJECT_BYTES = 65_536;
const DAY_MS = 86_400_000;

/** @throws WitnessError */
export async function stampInStore(
  store: WriteOnceStore,
  { stamp, note, nowMs: requestedMs }: StampRequest,
  { prefix, retainDays }: { prefix: string; retainDays: number },
): Promise<StampAnswer> {
  const key = `${prefix}${formatHex(stamp)}.checkpoint`;
  const present = await store.read(key, null);
  const stored =
    present && isLocked(present, note)
      ? present
      : await writeAndRead(store, key, note, requestedMs + retainDays * DAY_MS);
  const statement: WormStatement = {
    format: 'countersign/worm/v1',
    provider: store.provider,
    bucket: store.bucket,
    key,
    versionId: stored.versionId,
    checksumSha256: stored.checksumSha256,
    mode: stored.mode,
    retainUntil: stored.retainUntilMs === null ? null : formatInstant(stored.retainUntilMs),
    legalHold: stored.legalHold,
    readAt: formatInstant(nowMs()),
    stored: formatBase64(stored.bytes),
    cloudTrail: null,
  };
  return { state: 'complete', receipt: formatWormStatement(statement) };
}

/** Whether an earlier try got through. Whether its lock is good enough is the verifier's to say. */
function isLocked(stored: StoredObject, note: Uint8Array): boolean {
  return equalBytes(stored.bytes, note) && stored.mode !== null && stored.retainUntilMs !== null;
}

/** Dates are whole seconds: two of the three stores know no finer ones. */
async function writeAndRead(
  store: WriteOnceStore,
  key: string,
  note: Uint8Array,
  untilMs: number,
): Promise<StoredObject> {
  const versionId = await store.write(key, note, Math.ceil(untilMs / 1000) * 1000);
  const stored = await store.read(key, versionId);
  if (!stored) throw new WitnessError('witness_answer_invalid', 'what was stored cannot be read back');
  if (versionId !== null && stored.versionId !== versionId) {
    throw new WitnessError('witness_answer_invalid', 'another version than the one stored was read back');
  }
  return stored;
}

/** Milliseconds of a store's date; null for none. @throws WitnessError */
export function readStoreDate(text: string | null | undefined): number | null {
  if (!text) return null;
  const unixMs = Date.parse(text);
  if (!Number.isFinite(unixMs))
    throw new WitnessError('witness_answer_invalid', 'the end of the lock is no date');
  return unixMs;
}

/** The code for a status with which a store refuses. */
export function refusedByStore(provider: string, status: number, word = ''): WitnessError {
  // Rights, names and addresses do not mend themselves.
  const code = [400, 401, 403, 404, 405].includes(status) ? 'witness_misconfigured' : 'witness_refused';
  return new WitnessError(code, `${provider} answered ${status}${word ? ` (${word})` : ''}`);
}
