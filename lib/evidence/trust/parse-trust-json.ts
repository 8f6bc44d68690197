import * as z from 'zod';
import { concatBytes } from '@/lib/core/bytes';
import { type EcdsaCurve, formatEcdsaPublicKey, parseEcdsaPublicKey } from '@/lib/core/ecdsa';
import { formatBase64, parseBase64, parseBase64url } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { parseJwks } from '@/lib/tokens/jwks';
import { readDerRoot } from './read-der-root';
import { fingerprintOf, rootBytes, withFingerprint } from './root-bytes';
import type { TrustErrorCode } from './trust-error';
import type { TrustHints } from './trust-hints';
import { type TrustRoot, type TrustRootOf, trustFile } from './trust-root';

type Roots = Result<TrustRoot[], TrustErrorCode>;

/** `{"format":"countersign/trust/v1","roots":[…]}`: every fingerprint is computed again, and one that lies refuses the file. */
export function readOwnTrustFile(json: JsonObject): Roots {
  if (json.format !== 'countersign/trust/v1') return err('trust_format');
  const file = trustFile.safeParse(json);
  if (!file.success) return err('trust_shape', file.error.issues[0]?.path.join('.'));
  for (const [at, root] of file.data.roots.entries()) {
    const bytes = rootBytes(root);
    if (!bytes.ok) return err(bytes.code, `roots.${at}: ${bytes.detail ?? root.kind}`);
    if (fingerprintOf(bytes.value) !== root.fingerprint) return err('trust_fingerprint', `roots.${at}`);
  }
  return ok(file.data.roots);
}

/** A JWKS (RFC 7517): Ed25519 keys are a console's approval keys, EC keys those of a CCF ledger (as SCITT services publish). */
export function readJwks(json: JsonObject, file: string, hints: TrustHints): Roots {
  const tokens = parseJwks(json);
  if (!tokens.ok)
    return err(JSON.stringify(json.keys).includes('"d":') ? 'trust_private_key' : 'trust_key', tokens.code);
  const issuer = hints.issuer ?? hints.name ?? file;
  const approval = tokens.value.map((key) =>
    withFingerprint<TrustRootOf<'approval-key'>>({
      kind: 'approval-key',
      name: `${issuer}, key ${key.kid.slice(0, 8)}`.slice(0, 200),
      issuer,
      kid: key.kid,
      publicKey: formatBase64(key.publicKey),
      validFrom: formatInstant(key.notBeforeMs ?? 0),
      retiredAt: key.notAfterMs === undefined ? null : formatInstant(key.notAfterMs),
    }),
  );
  const ledger = (json.keys as JsonValue[])
    .filter(isJsonObject)
    .filter(({ kty }) => kty === 'EC')
    .map((jwk) => readEcKey(jwk, hints.name ?? file));
  return collect([...approval, ...ledger]);
}

const CURVES: Readonly<Record<string, EcdsaCurve>> = { 'P-256': 'p-256', 'P-384': 'p-384', 'P-521': 'p-521' };

function readEcKey(jwk: JsonObject, name: string): Result<TrustRoot, TrustErrorCode> {
  if (jwk.d !== undefined) return err('trust_private_key');
  const curve = CURVES[String(jwk.crv)];
  const x = parseBase64url(String(jwk.x));
  const y = parseBase64url(String(jwk.y));
  if (!curve || !x.ok || !y.ok) return err('trust_key', 'EC key');
  const spki = formatEcdsaPublicKey({ curve, point: concatBytes(Uint8Array.of(4), x.value, y.value) });
  if (!parseEcdsaPublicKey(spki).ok) return err('trust_key', 'EC point');
  return withFingerprint<TrustRootOf<'ledger-key'>>({
    kind: 'ledger-key',
    name: name.slice(0, 200),
    publicKey: formatBase64(spki),
  });
}

const ledgerList = z.object({
  parameters: z
    .array(z.object({ serviceCertificate: z.base64() }))
    .min(1)
    .max(1_000),
});

/** The list of service certificates that a SCITT ledger publishes under `parameters`. */
export function readLedgerList(json: JsonObject, file: string, hints: TrustHints): Roots {
  const list = ledgerList.safeParse(json);
  if (!list.success) return err('trust_shape', list.error.issues[0]?.path.join('.'));
  return collect(
    list.data.parameters.map(({ serviceCertificate }) => {
      const der = parseBase64(serviceCertificate);
      if (!der.ok) return err('trust_certificate', 'base64');
      return readDerRoot({ label: 'CERTIFICATE', der: der.value }, file, {
        name: hints.name ?? file,
        as: 'ledger-service',
      });
    }),
  );
}

const cerNode = z.object({
  nodeId: z.string().min(1).max(200),
  keys: z
    .array(
      z.object({ kid: z.string().min(1).max(200), algorithm: z.literal('Ed25519'), publicKey: z.string() }),
    )
    .min(1)
    .max(1_000),
});

/** What a NexArt node publishes: `{nodeId, activeKid, keys:[{kid, algorithm:"Ed25519", publicKey: SPKI in base64}]}`. */
export function readCerNode(json: JsonObject): Roots {
  const node = cerNode.safeParse(json);
  if (!node.success) return err('trust_shape', node.error.issues[0]?.path.join('.'));
  const { nodeId, keys } = node.data;
  return collect(
    keys.map(({ kid, publicKey }) => {
      const spki = parseBase64(publicKey);
      if (!spki.ok) return err('trust_key', `key ${kid}`);
      return withFingerprint<TrustRootOf<'cer-node'>>({
        kind: 'cer-node',
        name: nodeId,
        nodeId,
        kid,
        publicKey: formatBase64(spki.value),
      });
    }),
  );
}

/** All or nothing: one root that cannot be read refuses the file. Repetitions count once. */
export function collect(read: readonly Result<TrustRoot, TrustErrorCode>[]): Roots {
  const roots = new Map<string, TrustRoot>();
  for (const one of read) {
    if (!one.ok) return one;
    roots.set(`${one.value.kind} ${one.value.fingerprint}`, one.value);
  }
  return roots.size === 0 ? err('trust_empty') : ok([...roots.values()]);
}
