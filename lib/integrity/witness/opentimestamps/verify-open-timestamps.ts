/**
 * What an OpenTimestamps proof shows, against Bitcoin block headers that were pinned. Ids of the lines:
 *
 *   opentimestamps.form       the bytes are a proof
 *   opentimestamps.digest     the digest in it is that of the stamped bytes
 *   opentimestamps.header     the pinned header meets its own proof of work
 *   opentimestamps.root       the proof leads from the digest to that block's Merkle root
 *   opentimestamps.collision  only where SHA-1 lies on the way: other bytes with the same digest can be made
 *   opentimestamps.pending    only while no block is verified: a calendar's promise, or an attestor unknown here
 *
 * One verified block is enough: promises of other calendars beside it, and blocks without a pinned header, are told in
 * the first line and do not weaken it. A block whose header is pinned and does not fit is INVALID whatever else is there.
 * A block's time is what its miner wrote; Bitcoin's rules let it be wrong by about two hours.
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { SHA_HASHES } from '@/lib/core/hash';
import type { Check } from '@/lib/integrity/check';
import { reportWitness, type Stamped, type WitnessReport } from '../witness-report';
import { attestorOf } from './attestation';
import { type DetachedTimestamp, parseOpenTimestamps } from './detached-timestamp';
import { HASHES, type HashName } from './operation';
import type { OtsErrorCode } from './ots-error';
import type { PinnedHeader } from './parse-header-file';
import { type AttestedMessage, listAttested } from './timestamp';
import { type BlockFinding, verifyBlocks } from './verify-blocks';

export interface OpenTimestampsTrust {
  readonly headers: readonly PinnedHeader[];
}

const FORM_SENTENCES: Readonly<Record<OtsErrorCode, string>> = {
  ots_too_large: 'it is larger than any proof needs to be',
  ots_magic: 'it does not begin as an OpenTimestamps proof',
  ots_version: 'its version is not 1',
  ots_truncated: 'it ends too early',
  ots_trailing_bytes: 'bytes follow its end',
  ots_number: 'a number in it is too large or not in its shortest form',
  ots_length: 'a length in it is out of bounds',
  ots_operation: 'it uses an operation that does not exist',
  ots_result_length: 'an operation in it yields nothing, or more than 4,096 bytes',
  ots_attestation: 'an attestation in it is malformed',
  ots_too_deep: 'it nests more than 255 operations',
  ots_too_many_steps: 'it has more steps than any proof needs',
};

/** Never throws, whatever the receipt. `witnessedAtMs` is the time of the earliest verified block. */
export function verifyOpenTimestamps(
  receipt: Uint8Array,
  stamped: Stamped,
  trust: OpenTimestampsTrust,
): WitnessReport {
  const form = { id: 'opentimestamps.form', title: 'Timestamp file' };
  const parsed = parseOpenTimestamps(receipt);
  if (!parsed.ok) {
    return reportWitness([
      {
        ...form,
        verdict: 'invalid',
        code: parsed.code,
        compared: `the receipt with the form of an OpenTimestamps proof: ${FORM_SENTENCES[parsed.code]}`,
      },
    ]);
  }
  const proof = parsed.value;
  const attested = listAttested(proof.timestamp);
  const blocks = verifyBlocks(attested, trust.headers);
  const decided = blocks.filter(({ verdict }) => verdict !== 'not-checked');
  const verified = blocks.filter(({ verdict }) => verdict === 'valid');
  const unknownBlocks = blocks.filter(({ verdict }) => verdict === 'not-checked');
  const promises = attested.filter(({ attestation }) => attestation.kind !== 'bitcoin');
  const open = [...unknownBlocks.flatMap(({ checks }) => checks), ...promises.map(checkPromise)];
  const beside = [...unknownBlocks.map((block) => block.attested), ...promises];
  const checks: Check[] = [
    {
      ...form,
      verdict: 'valid',
      compared: `the receipt, byte for byte, with what was read from it${verified.length > 0 ? tellBeside(beside) : ''}`,
    },
    checkDigest(proof, stamped),
    ...decided.flatMap((block) => block.checks),
    ...(verified.length === 0 ? open : []),
    ...checkCollision(proof.fileHash, verified.length > 0 ? verified : blocks),
  ];
  const times = verified.flatMap(({ timeUnixS }) => (timeUnixS === null ? [] : [timeUnixS]));
  return reportWitness(checks, {
    witness: verified.length > 0 ? 'Bitcoin' : null,
    witnessedAtMs: times.length > 0 ? Math.min(...times) * 1000 : null,
  });
}

/** What the proof holds beside the verified block, and what nothing rests on. */
function tellBeside(beside: readonly AttestedMessage[]): string {
  if (beside.length === 0) return '';
  const names = new Set(beside.map(({ attestation }) => attestorOf(attestation)));
  return `; not needed beside the verified block, and not checked: ${[...names].join(', ')}`;
}

function checkDigest({ fileHash, timestamp }: DetachedTimestamp, stamped: Stamped): Check {
  const base = {
    id: 'opentimestamps.digest',
    title: 'Stamped bytes',
    compared: `${NAMES[fileHash]} of the stamped bytes with the digest that the proof starts from`,
    computed: formatHex(timestamp.message),
  };
  const digest = digestFor(fileHash, stamped);
  if (!digest) {
    return {
      ...base,
      verdict: 'not-checked',
      reason: `the proof speaks of a ${NAMES[fileHash]} digest, and only another digest of the bytes is at hand`,
    };
  }
  const expected = formatHex(digest);
  return equalBytes(digest, timestamp.message)
    ? { ...base, verdict: 'valid', expected }
    : { ...base, verdict: 'invalid', code: 'digest_mismatch', expected };
}

const NAMES: Readonly<Record<HashName, string>> = {
  sha1: 'SHA-1',
  ripemd160: 'RIPEMD-160',
  sha256: 'SHA-256',
  keccak256: 'Keccak-256',
};

function digestFor(fileHash: HashName, stamped: Stamped): Uint8Array | undefined {
  if (stamped.kind === 'bytes') return HASHES[fileHash].digest(stamped.bytes);
  return SHA_HASHES[stamped.algorithm] === HASHES[fileHash].digest ? stamped.digest : undefined;
}

function checkPromise({ attestation, message }: AttestedMessage): Check {
  const isPending = attestation.kind === 'pending';
  const attestor = attestorOf(attestation);
  return {
    id: 'opentimestamps.pending',
    title: isPending ? 'Calendar' : 'Attestor',
    verdict: 'not-checked',
    compared: `what the proof commits to with what ${attestor} attests`,
    key: attestor,
    computed: formatHex(message),
    reason: isPending
      ? `pending: ${attestor} has promised to include it in a Bitcoin block; the proof has not been completed since`
      : `nothing here can check what ${attestor} says`,
  };
}

/** SHA-1 anywhere between the bytes and the block: whoever chose the bytes could have made two with one digest. */
function checkCollision(fileHash: HashName, blocks: readonly BlockFinding[]): Check[] {
  const isWeak =
    fileHash === 'sha1' ||
    (blocks.length > 0 &&
      blocks.every(({ attested }) => attested.operations.some(({ name }) => name === 'sha1')));
  if (!isWeak) return [];
  return [
    {
      id: 'opentimestamps.collision',
      title: 'SHA-1 on the way',
      verdict: 'not-checked',
      compared: 'the hashes of the proof with those of which no collision is known',
      reason:
        'two different files with one SHA-1 digest can be made by whoever chooses both: this proof holds for either of them',
    },
  ];
}
