import { randomBytes } from 'node:crypto';
import { formatId, formatSubjectToken, type IdPrefix } from '@/lib/core/id';
import { nowMs } from './clock';

/** A fresh id of ours: prefix and UUIDv7 (RFC 9562 §5.7). `atMs` lets replayed history carry its own time. */
export function newId(prefix: IdPrefix, atMs: number = nowMs()): string {
  return formatId(prefix, atMs, new Uint8Array(randomBytes(10)));
}

/** A fresh subject token: 128 random bits. */
export function newSubjectToken(): string {
  return formatSubjectToken(new Uint8Array(randomBytes(16)));
}

/** `byteCount` random bytes. */
export function newRandomBytes(byteCount: number): Uint8Array {
  return new Uint8Array(randomBytes(byteCount));
}
