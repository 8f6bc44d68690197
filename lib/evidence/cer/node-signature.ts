import { utf8 } from '@/lib/core/bytes';
import { parsePublicKeyInfo, verifyEd25519Async } from '@/lib/core/ed25519';
import { parseBase64, parseBase64url } from '@/lib/core/encoding';
import { formatCanonicalJson, type JsonObject, type JsonValue } from '@/lib/core/json';
import type { Check } from '@/lib/integrity/check';
import { formatRoot } from '../find-root';
import type { TrustRootOf } from '../trust/trust-root';
import type { CerErrorCode } from './cer-error';

export type CerNode = TrustRootOf<'cer-node'>;

/** Whose key a signature names. `nodeId` is null where the signed thing names none. */
export interface NamedKey {
  readonly nodeId: string | null;
  readonly kid: string;
}

/**
 * An Ed25519 signature over the canonical JSON of exactly `signed`, under the pinned key that the node published as this
 * `kid`. Without that key nothing is decided: NOT CHECKED names the file that would settle it.
 */
export async function checkNodeSignature(
  line: Pick<Check, 'id' | 'title' | 'compared'>,
  code: CerErrorCode,
  signed: JsonObject,
  signature: JsonValue | undefined,
  named: NamedKey,
  nodes: readonly CerNode[],
): Promise<Check> {
  const base = { ...line, key: named.kid };
  const bytes = readSignature(signature);
  if (!bytes) return { ...base, verdict: 'invalid', code, computed: 'no Ed25519 signature in base64url' };
  const published = nodes.filter(
    ({ kid, nodeId }) => kid === named.kid && (named.nodeId === null || nodeId === named.nodeId),
  );
  if (published.length === 0) return { ...base, verdict: 'not-checked', reason: missingKey(named, nodes) };
  const message = utf8(formatCanonicalJson(signed));
  for (const node of published) {
    const spki = parseBase64(node.publicKey);
    const key = spki.ok ? parsePublicKeyInfo(spki.value) : spki;
    if (key.ok && (await verifyEd25519Async(key.value, message, bytes)))
      return { ...base, verdict: 'valid', root: formatRoot(node) };
  }
  return { ...base, verdict: 'invalid', code, root: formatRoot(published[0] as CerNode) };
}

function missingKey({ nodeId, kid }: NamedKey, nodes: readonly CerNode[]): string {
  const who = nodeId === null ? 'the node' : `the node ${nodeId}`;
  const known = nodeId !== null && nodes.some((node) => node.nodeId === nodeId);
  const has = known ? `the pinned keys of ${who} do not list ${kid}` : `no key of ${who} is pinned`;
  return `${has}: pin the file in which it publishes its keys (/.well-known/nexart-node.json, got from someone you trust)`;
}

/** 64 bytes in base64url without padding, or in base64 with it. */
function readSignature(value: JsonValue | undefined): Uint8Array | null {
  if (typeof value !== 'string' || value.length > 128) return null;
  const url = parseBase64url(value);
  const read = url.ok ? url : parseBase64(value);
  return read.ok && read.value.length === 64 ? read.value : null;
}
