/**
 * What a verifier needs besides the records: keys with their validity, the log's name and key, and the approval's token.
 * The server says all of it, so each line names the key it used; keys pinned elsewhere can be compared by fingerprint.
 */
import * as z from 'zod';
import { MAX_TRUST_ROOTS, trustRoot } from './trust/trust-root';

export const streamKey = z.object({
  keyid: z.string(),
  /** 32 bytes, base64url. */
  publicKey: z.string(),
  validFrom: z.string(),
  retiredAt: z.string().nullable(),
});
export type StreamKeyView = z.infer<typeof streamKey>;

export const streamMaterial = z.object({
  stream: z.string(),
  producer: z.string(),
  /** Position of the last record now. */
  head: z.number().int(),
  keys: z.array(streamKey),
});

export const logMaterial = z.object({ origin: z.string(), vkey: z.string() });

export const decisionMaterial = z.object({
  streams: z.array(streamMaterial),
  log: logMaterial.nullable(),
  approvals: z.array(
    z.object({
      id: z.string(),
      audience: z.string(),
      /** Null while the token could still be redeemed: it is shown to nobody but its gateway until then. */
      token: z.string().nullable(),
    }),
  ),
  approvalKeys: z.array(streamKey),
  /** Parents that live in another console's log, with the key pinned for it; absent where nobody looked for them. */
  foreignParents: z
    .array(
      z.object({
        id: z.string(),
        peer: z.string(),
        vkey: z.string(),
        /** `ForeignEvidence` as JSON bytes, base64. */
        evidence: z.string(),
      }),
    )
    .optional(),
  /** What is pinned: by the console that says all of this, and by whoever verifies. */
  trust: z.array(trustRoot).max(MAX_TRUST_ROOTS),
});
export type DecisionMaterial = z.infer<typeof decisionMaterial>;

/** Every stream the viewer may read, for "verify everything". */
export const tenantMaterial = z.object({
  /** `integrated`: the last position that the published log covers. */
  streams: z.array(streamMaterial.extend({ integrated: z.number().int().optional() })),
  log: logMaterial.nullable(),
});
export type TenantMaterial = z.infer<typeof tenantMaterial>;
