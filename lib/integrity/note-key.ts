/**
 * Keys of signed notes (C2SP signed-note):
 *
 *   key id = first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key)
 *   vkey   = name "+" hex(key id) "+" base64(type ‖ public key)
 *
 * Types: 0x01 Ed25519, 0x04 Ed25519 cosignature/v1, 0x06 ML-DSA-44 cosignature (recognised, not verified here).
 * Worked example: `PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW`.
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { parsePublicKey } from '@/lib/core/ed25519';
import { formatBase64, formatHex, parseBase64 } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

export const NOTE_KEY_TYPE = { ed25519: 0x01, cosignatureV1: 0x04, mlDsa44: 0x06 } as const;
export type NoteKeyType = (typeof NOTE_KEY_TYPE)[keyof typeof NOTE_KEY_TYPE];

/** `keyId` is 8 lower-case hex digits. */
export type NoteKey = {
  readonly name: string;
  readonly keyId: string;
  readonly type: NoteKeyType;
  readonly publicKey: Uint8Array;
};

const PUBLIC_KEY_BYTES: Readonly<Record<NoteKeyType, number>> = { 1: 32, 4: 32, 6: 1312 };

/** Names are non-empty, without white space or `+`. */
export function isNoteKeyName(name: string): boolean {
  return name.length > 0 && name.isWellFormed() && !/[\s+\p{Cc}\u0085]/u.test(name);
}

/** A key with its id computed. */
export function noteKeyOf(name: string, type: NoteKeyType, publicKey: Uint8Array): NoteKey {
  invariant(isNoteKeyName(name), 'noteKeyOf: name');
  invariant(publicKey.length === PUBLIC_KEY_BYTES[type], 'noteKeyOf: public key length');
  return { name, keyId: noteKeyId(name, type, publicKey), type, publicKey };
}

export function formatNoteKey(key: NoteKey): string {
  return `${key.name}+${key.keyId}+${formatBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** Reads a vkey; its id must be the one its name and key hash to, and an Ed25519 key must be admissible. */
export function parseNoteKey(
  vkey: string,
): Result<NoteKey, 'vkey_syntax' | 'vkey_type' | 'vkey_id_mismatch' | 'vkey_key'> {
  const first = vkey.indexOf('+');
  const second = vkey.indexOf('+', first + 1);
  if (first < 1 || second < 0) return err('vkey_syntax');
  const name = vkey.slice(0, first);
  const keyId = vkey.slice(first + 1, second);
  const data = parseBase64(vkey.slice(second + 1));
  if (!isNoteKeyName(name) || !/^[0-9a-f]{8}$/.test(keyId) || !data.ok || data.value.length < 2) {
    return err('vkey_syntax');
  }
  const type = data.value[0] as number;
  const publicKey = data.value.slice(1);
  if (noteKeyId(name, type, publicKey) !== keyId) return err('vkey_id_mismatch');
  if (!isNoteKeyType(type)) return err('vkey_type');
  if (publicKey.length !== PUBLIC_KEY_BYTES[type]) return err('vkey_key', 'length');
  if (type !== NOTE_KEY_TYPE.mlDsa44) {
    const admitted = parsePublicKey(publicKey);
    if (!admitted.ok) return err('vkey_key', admitted.code);
  }
  return ok({ name, keyId, type, publicKey });
}

function noteKeyId(name: string, type: number, publicKey: Uint8Array): string {
  const hash = sha256(concatBytes(utf8(name), Uint8Array.of(0x0a, type), publicKey));
  return formatHex(hash.subarray(0, 4));
}

function isNoteKeyType(type: number): type is NoteKeyType {
  return Object.hasOwn(PUBLIC_KEY_BYTES, type);
}
