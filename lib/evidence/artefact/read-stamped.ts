import { parseOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/detached-timestamp';
import { parseTimestamp } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import { parseTstInfo } from '@/lib/integrity/witness/rfc3161/tst-info';
import type { Stamped, WitnessType } from '@/lib/integrity/witness/witness-report';
import { hashOf } from '@/lib/integrity/witness/x509/algorithm-identifier';

/**
 * What a receipt itself says it stamped, so that everything but the stamped bytes can be checked where those are not at
 * hand. Null where the receipt names no digest that its verifier takes. Nothing here is verified.
 */
export function readStamped(type: WitnessType, receipt: Uint8Array): Stamped | null {
  if (type === 'rfc3161') return readTimestamp(receipt);
  if (type === 'opentimestamps') return readOpenTimestamps(receipt);
  return null;
}

function readTimestamp(receipt: Uint8Array): Stamped | null {
  const timestamp = parseTimestamp(receipt);
  const content = timestamp.ok ? timestamp.value.token?.content : null;
  const info = content ? parseTstInfo(content) : null;
  if (!info?.ok) return null;
  const algorithm = hashOf(info.value.imprint.algorithm);
  return algorithm === null ? null : { kind: 'digest', algorithm, digest: info.value.imprint.digest };
}

function readOpenTimestamps(receipt: Uint8Array): Stamped | null {
  const proof = parseOpenTimestamps(receipt);
  if (!proof.ok) return null;
  const { fileHash, timestamp } = proof.value;
  if (fileHash !== 'sha256' && fileHash !== 'sha1') return null;
  const algorithm = fileHash === 'sha256' ? 'sha-256' : 'sha-1';
  return { kind: 'digest', algorithm, digest: timestamp.message };
}
