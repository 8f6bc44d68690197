/**
 * Operations of an OpenTimestamps proof: each turns one message into the next (python-opentimestamps `core/op.py`).
 *
 *   02 sha1 · 03 ripemd160 · 08 sha256 · 67 keccak256      the digest of the message
 *   f0 append · f1 prepend                                 followed by varbytes of 1 to 4,096 bytes
 *   f2 reverse · f3 hexlify                                of a message that is not empty
 *
 * A message or result is at most 4,096 bytes.
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha1, sha256 } from '@/lib/core/hash';
import { keccak256, ripemd160 } from '@/lib/core/legacy-hash';
import { formatVaruint, type OtsCursor } from './ots-cursor';

export const MAX_MESSAGE_BYTES = 4_096;

export type HashName = 'sha1' | 'ripemd160' | 'sha256' | 'keccak256';
export type Operation =
  | { readonly name: HashName | 'reverse' | 'hexlify' }
  | { readonly name: 'append' | 'prepend'; readonly argument: Uint8Array };

export const HASHES: Readonly<
  Record<HashName, { tag: number; bytes: number; digest: (message: Uint8Array) => Uint8Array }>
> = {
  sha1: { tag: 0x02, bytes: 20, digest: sha1 },
  ripemd160: { tag: 0x03, bytes: 20, digest: ripemd160 },
  sha256: { tag: 0x08, bytes: 32, digest: sha256 },
  keccak256: { tag: 0x67, bytes: 32, digest: keccak256 },
};

const TAGS: Readonly<Record<Operation['name'], number>> = {
  sha1: HASHES.sha1.tag,
  ripemd160: HASHES.ripemd160.tag,
  sha256: HASHES.sha256.tag,
  keccak256: HASHES.keccak256.tag,
  append: 0xf0,
  prepend: 0xf1,
  reverse: 0xf2,
  hexlify: 0xf3,
};
const NAMES = new Map(Object.entries(TAGS).map(([name, tag]) => [tag, name as Operation['name']]));

/** The hash of a tag; undefined for every other operation. */
export function hashOfTag(tag: number): HashName | undefined {
  const name = NAMES.get(tag);
  return name !== undefined && Object.hasOwn(HASHES, name) ? (name as HashName) : undefined;
}

/** The operation of a tag already read, with its argument. */
export function parseOperation(cursor: OtsCursor, tag: number): Operation | undefined {
  const name = NAMES.get(tag);
  if (name === undefined) return cursor.fail('ots_operation');
  if (name !== 'append' && name !== 'prepend') return { name };
  const argument = cursor.varbytes(1, MAX_MESSAGE_BYTES);
  return argument && { name, argument };
}

/** Tag, and for append and prepend the argument. */
export function formatOperation(operation: Operation): Uint8Array {
  const tag = Uint8Array.of(TAGS[operation.name]);
  if (!('argument' in operation)) return tag;
  return concatBytes(tag, formatVaruint(operation.argument.length), operation.argument);
}

/** The next message; undefined when the operation does not take this one, or the result would be too long. */
export function applyOperation(operation: Operation, message: Uint8Array): Uint8Array | undefined {
  const result = resultOf(operation, message);
  return result.length > 0 && result.length <= MAX_MESSAGE_BYTES ? result : undefined;
}

function resultOf(operation: Operation, message: Uint8Array): Uint8Array {
  switch (operation.name) {
    case 'append':
      return concatBytes(message, operation.argument);
    case 'prepend':
      return concatBytes(operation.argument, message);
    case 'reverse':
      return message.toReversed();
    case 'hexlify':
      return utf8(formatHex(message));
    default:
      return HASHES[operation.name].digest(message);
  }
}
