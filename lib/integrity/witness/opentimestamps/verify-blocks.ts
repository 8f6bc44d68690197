import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import type { Check, CheckRoot } from '@/lib/integrity/check';
import { type BlockHeader, parseBlockHeader } from './block-header';
import { GENESIS_HEADER } from './genesis-header';
import type { PinnedHeader } from './parse-header-file';
import type { AttestedMessage } from './timestamp';

/** What one block that a proof names comes to. */
export interface BlockFinding {
  readonly attested: AttestedMessage;
  readonly verdict: Check['verdict'];
  readonly checks: readonly Check[];
  readonly timeUnixS: number | null;
}

/** One finding for each block and message that the proof names, lowest block first. */
export function verifyBlocks(
  attested: readonly AttestedMessage[],
  pinned: readonly PinnedHeader[],
): BlockFinding[] {
  const named = new Map<string, { height: number; attested: AttestedMessage }>();
  for (const one of attested) {
    if (one.attestation.kind !== 'bitcoin') continue;
    const { height } = one.attestation;
    const key = `${height}/${formatHex(one.message)}`;
    if (!named.has(key)) named.set(key, { height, attested: one });
  }
  return [...named.values()]
    .sort((a, b) => a.height - b.height)
    .map(({ height, attested: one }) => verifyBlock(height, one, headersAt(height, pinned)));
}

function verifyBlock(height: number, attested: AttestedMessage, pinned: readonly Uint8Array[]): BlockFinding {
  const header = { id: 'opentimestamps.header', title: `Bitcoin block ${height}` };
  const [only] = pinned;
  if (!only || pinned.length > 1) {
    const reason = only
      ? `different headers are pinned for Bitcoin block ${height}: keep the right one`
      : `the header of Bitcoin block ${height} is not pinned here; with it this proof is settled`;
    const check: Check = {
      ...header,
      verdict: 'not-checked',
      compared: `the end of the proof with the Merkle root of Bitcoin block ${height}`,
      computed: displayRoot(attested.message),
      reason,
    };
    return { attested, verdict: 'not-checked', checks: [check], timeUnixS: null };
  }
  const parsed = parseBlockHeader(only);
  if (!parsed.ok) {
    const check: Check = {
      ...header,
      verdict: 'invalid',
      code: parsed.code,
      compared: `SHA-256 twice over the pinned header of block ${height} with the target that it names`,
    };
    return { attested, verdict: 'invalid', checks: [check], timeUnixS: null };
  }
  const block = parsed.value;
  const fits = equalBytes(block.merkleRoot, attested.message);
  const root: Check = {
    id: 'opentimestamps.root',
    title: `Way to block ${height}`,
    compared: `the proof’s ${count(attested.operations.length, 'operation')} from the digest on, carried out here, with the Merkle root in the pinned header of block ${height} of ${formatInstant(block.timeUnixS * 1000)} (its miner’s clock, right to about two hours)`,
    key: blockName(height, block),
    root: rootOf(height, only),
    expected: displayRoot(block.merkleRoot),
    computed: displayRoot(attested.message),
    ...(fits ? { verdict: 'valid' } : { verdict: 'invalid', code: 'root_mismatch' }),
  };
  const work: Check = {
    ...header,
    verdict: 'valid',
    compared: `SHA-256 twice over the pinned header with the target that it names (about 2^${block.workBits} hashes of work)`,
    key: blockName(height, block),
    root: rootOf(height, only),
  };
  return { attested, verdict: root.verdict, checks: [work, root], timeUnixS: block.timeUnixS };
}

/** The different headers pinned for a height; the first block of all is known without being pinned. */
function headersAt(height: number, headers: readonly PinnedHeader[]): Uint8Array[] {
  const found: Uint8Array[] = height === 0 ? [GENESIS_HEADER] : [];
  for (const pinned of headers) {
    if (pinned.height === height && !found.some((known) => equalBytes(known, pinned.header))) {
      found.push(pinned.header);
    }
  }
  return found;
}

function blockName(height: number, { hash }: BlockHeader): string {
  return `Bitcoin block ${height}, ${hash}`;
}

function rootOf(height: number, header: Uint8Array): CheckRoot {
  return { name: `Bitcoin block ${height}`, fingerprint: formatDigest('sha-256', sha256(header)) };
}

/** As explorers show a Merkle root: in reverse byte order. */
function displayRoot(message: Uint8Array): string {
  return formatHex(message.toReversed());
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
