import { parseBase64 } from '@/lib/core/encoding';
import { parseInstant } from '@/lib/core/instant';
import { parseNoteKey } from '@/lib/integrity/note-key';
import type { RekorTrust } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import type { TrustRoot } from './trust-root';

/** What entries of Rekor logs, and Sigstore bundles, can rest on among pinned roots. */
export function rekorTrustOf(roots: readonly TrustRoot[]): Required<RekorTrust> {
  const of = <T>(read: (root: TrustRoot) => T | null): T[] =>
    roots.map(read).filter((one): one is T & {} => one !== null);
  return {
    logs: of((root) =>
      root.kind === 'rekor-log'
        ? { origin: root.origin, publicKey: decoded(root.publicKey), ...lifeOf(root) }
        : null,
    ),
    anchorKeys: of((root) => (root.kind === 'anchor-key' ? decoded(root.publicKey) : null)),
    witnessKeys: of((root) => {
      const key = root.kind === 'witness' ? parseNoteKey(root.vkey) : null;
      return key?.ok ? key.value : null;
    }),
    timestampAuthorities: of((root) =>
      root.kind === 'timestamp-authority'
        ? { certificate: decoded(root.certificate), ...lifeOf(root) }
        : null,
    ),
  };
}

/** A bound that is no instant is none that anything could lie within. */
function lifeOf(root: { validFrom?: string | undefined; validUntil?: string | undefined }): {
  validFromMs?: number;
  validUntilMs?: number;
} {
  const instantOf = (text: string): number => {
    const instant = parseInstant(text);
    return instant.ok ? instant.value : Number.NaN;
  };
  return {
    ...(root.validFrom === undefined ? {} : { validFromMs: instantOf(root.validFrom) }),
    ...(root.validUntil === undefined ? {} : { validUntilMs: instantOf(root.validUntil) }),
  };
}

/** Roots are parsed before they come here; one that is not base64 becomes a key that verifies nothing. */
function decoded(text: string): Uint8Array {
  const bytes = parseBase64(text);
  return bytes.ok ? bytes.value : new Uint8Array();
}
