/** The example of the DSSE protocol, whose signature shows that our pre-authentication encoding is theirs. Tests only. */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatEcdsaPublicKey, verifyEcdsa } from '@/lib/core/ecdsa';
import { parseBase64, parseBase64url } from '@/lib/core/encoding';
import { hasFile, readJson, type VectorCase, type VectorFiles } from '@/lib/core/testing/vector-case';
import { pae, parseEnvelope } from '../dsse';

const FILE = 'ed25519/misc/dsse.json';

interface Envelope {
  payloadType: string;
  payload: string;
  signatures: { sig: string }[];
}

interface Published {
  publicJwk: { x: string; y: string };
  pae: string;
  envelope: Envelope;
  negatives: { envelope: Envelope; why: string }[];
}

export function listDsseVectors(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, FILE)) return [];
  const dsse = readJson<Published>(files, FILE);
  const { x, y } = dsse.publicJwk;
  const point = concatBytes(Uint8Array.of(4), must(parseBase64url(x)), must(parseBase64url(y)));
  const publicKey = formatEcdsaPublicKey({ curve: 'p-256', point });
  const envelopes: [why: string, expect: string, envelope: Envelope][] = [
    ['as published', 'valid', dsse.envelope],
    ...dsse.negatives.map(({ why, envelope }): [string, string, Envelope] => [why, 'invalid', envelope]),
  ];
  return [
    {
      name: 'pre-authentication encoding',
      expect: dsse.pae,
      run: () => must(decodeUtf8(pae(dsse.envelope.payloadType, must(parseBase64(dsse.envelope.payload))))),
    },
    ...envelopes.map(([why, expect, envelope]) => ({
      name: `signature, ${why}`,
      expect,
      run: () => (isSigned(envelope, publicKey) ? 'valid' : 'invalid'),
    })),
    ...envelopes.map(([why, , envelope]) => ({
      name: `is no record of ours, ${why}`,
      expect: 'refused',
      run: () => (parseEnvelope(utf8(JSON.stringify(envelope))).ok ? 'accepted' : 'refused'),
    })),
  ];
}

function isSigned({ payloadType, payload, signatures }: Envelope, publicKey: Uint8Array): boolean {
  const [first] = signatures;
  if (!first) return false;
  return verifyEcdsa({
    publicKey,
    message: pae(payloadType, must(parseBase64(payload))),
    hash: 'sha-256',
    signature: must(parseBase64(first.sig)),
    encoding: 'p1363',
  });
}

function must<T>(result: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}
