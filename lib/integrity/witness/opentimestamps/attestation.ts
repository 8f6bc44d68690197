/**
 * Attestations end a path of operations: who says that the message existed (python-opentimestamps `core/notary.py`).
 *
 *   tag (8 bytes) ‖ varbytes payload (at most 8,192 bytes)
 *
 *   05 88 96 0d 73 d7 19 01  Bitcoin: the message is the Merkle root of the block; payload = varuint height
 *   83 df e3 0d 2e f9 0c 8e  pending: a calendar promises more; payload = varbytes address, at most 1,000 bytes
 *   any other                kept as it is
 *
 * Worked example, block 358391: 05 88 96 0d 73 d7 19 01 ‖ 03 ‖ f7 ef 15
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { formatVaruint, OtsCursor } from './ots-cursor';

export type Attestation =
  | { readonly kind: 'bitcoin'; readonly height: number }
  | { readonly kind: 'pending'; readonly calendar: string }
  | { readonly kind: 'other'; readonly tag: string; readonly payload: Uint8Array };

const TAG_BYTES = 8;
const MAX_PAYLOAD_BYTES = 8_192;
const MAX_CALENDAR_BYTES = 1_000;
const BITCOIN = '0588960d73d71901';
const PENDING = '83dfe30d2ef90c8e';
/** What others attest by, for people to read. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '06869a0d73d71b45': 'Litecoin',
  '30fe8087b5c7ead7': 'Ethereum',
};
/** The characters that the reference implementation allows, so that an address is safe to show and to compare. */
const CALENDAR = /^[A-Za-z0-9\-._/:]*$/;

export function parseAttestation(cursor: OtsCursor): Attestation | undefined {
  const tagBytes = cursor.take(TAG_BYTES);
  const payload = cursor.varbytes(0, MAX_PAYLOAD_BYTES);
  if (!tagBytes || !payload) return undefined;
  const tag = formatHex(tagBytes);
  const inner = new OtsCursor(payload);
  if (tag === BITCOIN) {
    const height = inner.varuint();
    if (height === undefined || !inner.end()) return cursor.fail('ots_attestation');
    return { kind: 'bitcoin', height };
  }
  if (tag === PENDING) {
    const address = inner.varbytes(0, MAX_CALENDAR_BYTES);
    if (!address || !inner.end()) return cursor.fail('ots_attestation');
    const calendar = String.fromCharCode(...address);
    return CALENDAR.test(calendar) ? { kind: 'pending', calendar } : cursor.fail('ots_attestation');
  }
  return { kind: 'other', tag, payload };
}

/** Inverse of `parseAttestation`. */
export function formatAttestation(attestation: Attestation): Uint8Array {
  const { tag, payload } = partsOf(attestation);
  const bytes = parseHex(tag);
  invariant(bytes.ok && bytes.value.length === TAG_BYTES, 'formatAttestation: tag');
  return concatBytes(bytes.value, formatVaruint(payload.length), payload);
}

function partsOf(attestation: Attestation): { tag: string; payload: Uint8Array } {
  switch (attestation.kind) {
    case 'bitcoin':
      return { tag: BITCOIN, payload: formatVaruint(attestation.height) };
    case 'pending': {
      const address = utf8(attestation.calendar);
      return { tag: PENDING, payload: concatBytes(formatVaruint(address.length), address) };
    }
    case 'other':
      return attestation;
  }
}

/** Who attests, in words. */
export function attestorOf(attestation: Attestation): string {
  switch (attestation.kind) {
    case 'bitcoin':
      return `Bitcoin block ${attestation.height}`;
    case 'pending':
      return `the calendar ${attestation.calendar}`;
    case 'other':
      return OTHER_NAMES[attestation.tag] ?? `an attestor of unknown kind ${attestation.tag}`;
  }
}
