/**
 * Identifiers. Ours: a prefix and a UUIDv7 (RFC 9562 §5.7), so that they sort by time and say what they name.
 * Foreign ones: 1–128 characters of `A-Za-z0-9._:/@+-`. People and things: subject tokens of 128 random bits.
 */
import { formatHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

export type IdPrefix =
  | 'dec'
  | 'esc'
  | 'rev'
  | 'apr'
  | 'rec'
  | 'hold'
  | 'rcn'
  | 'alt'
  | 'evl'
  | 'per'
  | 'lnk'
  | 'cnd'
  | 'dlg'
  | 'bgl'
  | 'vrq'
  | 'ers'
  | 'ntf'
  | 'dlv'
  | 'inf'
  | 'cmt'
  | 'pky'
  | 'srch'
  | 'drl';
export type ParsedId = { id: string; prefix: IdPrefix; unixMs: number };

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * `dec_0193…`: prefix, underscore, canonical lower-case UUIDv7.
 * `unixMs` is the time (48 bits), `random` 10 bytes, of which 74 bits are used.
 */
export function formatId(prefix: IdPrefix, unixMs: number, random: Uint8Array): string {
  invariant(Number.isInteger(unixMs) && unixMs >= 0 && unixMs < 2 ** 48, 'formatId: time out of range');
  invariant(random.length === 10, 'formatId: 10 random bytes required');
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(unixMs / 0x1_0000));
  view.setUint16(4, unixMs % 0x1_0000);
  bytes.set(random, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = formatHex(bytes);
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Reads an id of exactly this kind; returns it with the time it carries (ms since the epoch). */
export function parseId<P extends IdPrefix>(
  text: string,
  prefix: P,
): Result<ParsedId & { prefix: P }, 'id_syntax' | 'id_prefix'> {
  const underscore = text.indexOf('_');
  if (underscore < 0) return err('id_syntax');
  if (text.slice(0, underscore) !== prefix) return err('id_prefix');
  const uuid = text.slice(underscore + 1);
  if (!UUID_V7.test(uuid)) return err('id_syntax');
  const unixMs = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
  return ok({ id: text, prefix, unixMs });
}

/** True for an identifier that somebody else assigned: 1–128 characters of `A-Za-z0-9._:/@+-`. */
export function isForeignId(text: string): boolean {
  return /^[A-Za-z0-9._:/@+-]{1,128}$/.test(text);
}

/** True for `tok_` and 32 lower-case hex digits (128 bits). */
export function isSubjectToken(text: string): boolean {
  return /^tok_[0-9a-f]{32}$/.test(text);
}

/** The subject token of 16 random bytes. */
export function formatSubjectToken(random: Uint8Array): string {
  invariant(random.length === 16, 'formatSubjectToken: 16 random bytes required');
  return `tok_${formatHex(random)}`;
}
