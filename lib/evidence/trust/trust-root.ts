/**
 * What a verifier believes without proof: keys, certificates and block headers that a person pinned, each shown with its
 * fingerprint. A trust file is JSON, `{"format":"countersign/trust/v1","roots":[…]}`; nothing is fetched at verify time.
 */
import * as z from 'zod';

/** Bytes as base64 with padding. */
const bytes64 = z.base64();
const named = {
  /** What people call it: origin of a log, subject of a certificate, name of a key. */
  name: z.string().min(1).max(200),
  /** `sha-256:` and lower-case hex of the key, certificate or header bytes named below. */
  fingerprint: z.string().regex(/^sha-256:[0-9a-f]{64}$/),
  /** Who pinned it where: a label for people, said by whoever hands the root over. It proves nothing. */
  pinned: z.object({ by: z.string().max(200), at: z.string().max(40) }).optional(),
};

/** For how long a root counts, both ends inclusive, where its owner says so. RFC 3339 in UTC with milliseconds. */
const life = {
  validFrom: z.string().max(40).optional(),
  validUntil: z.string().max(40).optional(),
};

export const trustRoot = z.discriminatedUnion('kind', [
  /** A log's own note key (type 0x01); fingerprint of the 32 key bytes. */
  z.object({ kind: z.literal('log'), ...named, vkey: z.string().max(4_000) }),
  /** A C2SP witness's note key (type 0x04 or 0x06); fingerprint of the key bytes. */
  z.object({ kind: z.literal('witness'), ...named, vkey: z.string().max(4_000) }),
  /** Root (or pinned intermediate) of a time-stamping authority; fingerprint of the DER certificate. */
  z.object({ kind: z.literal('timestamp-authority'), ...named, ...life, certificate: bytes64 }),
  /** Service certificate of a CCF ledger; fingerprint of the DER certificate. */
  z.object({ kind: z.literal('ledger-service'), ...named, certificate: bytes64 }),
  /** A CCF ledger's service key without its certificate (SPKI DER), as SCITT services publish it. */
  z.object({ kind: z.literal('ledger-key'), ...named, publicKey: bytes64 }),
  /** Public key of a Rekor log, SPKI DER; fingerprint of it. `origin` is the checkpoint's first line. */
  z.object({
    kind: z.literal('rekor-log'),
    ...named,
    ...life,
    publicKey: bytes64,
    origin: z.string().max(200),
  }),
  /** Our own anchoring key (ECDSA P-256, SPKI DER) under which stamps are signed for Rekor. */
  z.object({ kind: z.literal('anchor-key'), ...named, publicKey: bytes64 }),
  /** A Bitcoin block header, 80 bytes; fingerprint of them. */
  z.object({
    kind: z.literal('bitcoin-header'),
    ...named,
    height: z.number().int().nonnegative(),
    header: bytes64,
  }),
  /** RSA key (SPKI DER) under which a store's audit digests are signed. */
  z.object({ kind: z.literal('store-audit-key'), ...named, publicKey: bytes64 }),
  /** A producer's or the console's Ed25519 key for one stream, 32 bytes. */
  z.object({
    kind: z.literal('stream-key'),
    ...named,
    stream: z.string().max(400),
    keyid: z.string().max(200),
    publicKey: bytes64,
    validFrom: z.string(),
    retiredAt: z.string().nullable(),
  }),
  /** A console's Ed25519 key for approval tokens, 32 bytes; `kid` is its RFC 7638 thumbprint. */
  z.object({
    kind: z.literal('approval-key'),
    ...named,
    issuer: z.string().max(400),
    kid: z.string().max(100),
    publicKey: bytes64,
    validFrom: z.string(),
    retiredAt: z.string().nullable(),
  }),
  /** Ed25519 key (SPKI DER) of a node that attests Certified Execution Records. */
  z.object({
    kind: z.literal('cer-node'),
    ...named,
    nodeId: z.string().max(200),
    kid: z.string().max(200),
    publicKey: bytes64,
  }),
]);
export type TrustRoot = z.infer<typeof trustRoot>;
export type TrustRootKind = TrustRoot['kind'];
/** The members of one kind. */
export type TrustRootOf<K extends TrustRootKind> = Extract<TrustRoot, { kind: K }>;

export const MAX_TRUST_ROOTS = 10_000;

export const trustFile = z.object({
  format: z.literal('countersign/trust/v1'),
  roots: z.array(trustRoot).max(MAX_TRUST_ROOTS),
});
export type TrustFile = z.infer<typeof trustFile>;
