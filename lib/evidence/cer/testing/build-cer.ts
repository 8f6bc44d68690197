/** Records as NexArt's own package seals them, and what a node signs of them. Tests only. */
import { type CerAiExecutionBundle, createSnapshot, sealCer } from '@nexart/ai-execution';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { publicKeyOf, signEd25519 } from '@/lib/core/ed25519';
import { formatBase64, formatBase64url, parseHex } from '@/lib/core/encoding';
import { formatCanonicalJson, type JsonObject, type JsonValue } from '@/lib/core/json';
import { parseTrustFile } from '../../trust/parse-trust-file';
import type { TrustRoot } from '../../trust/trust-root';

export function buildBundle(
  overrides: Partial<Parameters<typeof createSnapshot>[0]> = {},
  extra: JsonObject = {},
): CerAiExecutionBundle {
  const snapshot = createSnapshot({
    executionId: 'exec-1',
    timestamp: '2026-11-20T08:00:00.000Z',
    provider: 'anthropic',
    model: 'claude',
    modelVersion: '2026-10-01',
    prompt: 'You decide on claims.',
    input: { claim: 'C-1', amount: 49.9 },
    parameters: { temperature: 0.2, maxTokens: 512, topP: null, seed: 7 },
    output: { verdict: 'pay', reasons: ['covered'] },
    appId: 'claims-desk',
    ...overrides,
  });
  return sealCer({ ...snapshot, ...extra }, { createdAt: '2026-11-20T08:00:01.000Z' });
}

export const bytesOf = (value: unknown): Uint8Array => utf8(JSON.stringify(value));

export interface TestNode {
  readonly nodeId: string;
  readonly kid: string;
  readonly seed: Uint8Array;
}

export const NODE: TestNode = {
  nodeId: 'nexart-node-primary',
  kid: 'key_01',
  seed: new Uint8Array(32).fill(5),
};

/** The node's roots as a person pins them: from the file in which the node publishes its keys. */
export function rootsOf({ nodeId, kid, seed }: TestNode): TrustRoot[] {
  const prefix = parseHex('302a300506032b6570032100');
  if (!prefix.ok) throw new Error(prefix.code);
  const publicKey = formatBase64(concatBytes(prefix.value, publicKeyOf(seed)));
  const file = { nodeId, activeKid: kid, keys: [{ kid, algorithm: 'Ed25519', publicKey }] };
  const roots = parseTrustFile('nexart-node.json', bytesOf(file));
  if (!roots.ok) throw new Error(roots.code);
  return roots.value;
}

export function signAs({ seed }: TestNode, value: JsonValue): string {
  return formatBase64url(signEd25519(seed, utf8(formatCanonicalJson(value))));
}

export function receiptOf(
  { certificateHash }: { certificateHash: string },
  { nodeId, kid }: TestNode = NODE,
): JsonObject {
  return { certificateHash, timestamp: '2026-11-20T08:00:02.000Z', nodeId, kid };
}

/** The record with the node's attestation in `meta`. */
export function attested(bundle: CerAiExecutionBundle, node: TestNode = NODE): JsonObject {
  const receipt = receiptOf(bundle, node);
  const attestation = { receipt, signature: signAs(node, receipt), kid: node.kid };
  return { ...asJson(bundle), meta: { source: 'claims', attestation } };
}

/** The official package around a record. */
export function packaged(cer: JsonObject & { certificateHash: string }, node: TestNode = NODE): JsonObject {
  const attestation = { attestationId: 'att-1', attestedAt: '2026-11-20T08:00:02.000Z', kid: node.kid };
  const envelopeType = 'nexart.verification.envelope.v2';
  const receipt = receiptOf(cer, node);
  return {
    cer,
    verificationEnvelope: {
      algorithm: 'Ed25519',
      canonicalization: 'jcs',
      envelopeType,
      attestation,
      kid: node.kid,
      scope: 'full_bundle',
      signedFields: '*',
    },
    verificationEnvelopeSignature: signAs(node, { attestation, bundle: cer, envelopeType }),
    receipt,
    signature: signAs(node, receipt),
  };
}

export function asJson(bundle: CerAiExecutionBundle): JsonObject & { certificateHash: string } {
  return JSON.parse(JSON.stringify(bundle)) as JsonObject & { certificateHash: string };
}
