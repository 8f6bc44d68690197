/**
 * What an application of a CCF ledger binds into a transaction, and its digest (Azure Confidential Ledger):
 *
 *   claims digest = SHA-256( u32le(count) ‖ for each claim: SHA-256( protocol ‖ digest ) )
 *   LedgerEntryV1 = SHA-256( HMAC-SHA256(key, collection id) ‖ HMAC-SHA256(key, contents) )
 *
 * Worked example (Microsoft's): collection `subledger:0`, contents `Hello world`, secret key
 * `Jde/VvaIfyrjQ/B19P+UJCBwmcrgN7sERStoyHnYO0M=` give d08d8764437d09b2d4d07d52293cddaf40f44a3ea2176a0528819a80002df9f6.
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { parseBase64, parseHex } from '@/lib/core/encoding';
import { hmacSha256, sha256 } from '@/lib/core/hash';
import { isJsonObject, type JsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { memberOf } from '@/lib/integrity/witness/ccf/spelled-member';

/** `entry` is what the application stored in the open; a `digest` claim says nothing of what it is of. */
export type ApplicationClaim =
  | {
      readonly kind: 'entry';
      readonly protocol: string;
      readonly collectionId: string;
      readonly contents: string;
      readonly secretKey: Uint8Array;
    }
  | { readonly kind: 'digest'; readonly protocol: string; readonly digest: Uint8Array };

const MAX_CLAIMS = 256;

/** Reads the list `applicationClaims` of a receipt's answer. Entries by another protocol than LedgerEntryV1 are refused. */
export function parseApplicationClaims(value: JsonValue): Result<ApplicationClaim[], 'ledger_claims'> {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_CLAIMS) return err('ledger_claims');
  const claims: ApplicationClaim[] = [];
  for (const one of value) {
    const claim = parseClaim(one);
    if (!claim) return err('ledger_claims', `claim ${claims.length + 1}`);
    claims.push(claim);
  }
  return ok(claims);
}

/** What a receipt's claims digest must be for these claims. */
export function digestClaims(claims: readonly ApplicationClaim[]): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, claims.length, true);
  const digests = claims.map((claim) => {
    const digest = claim.kind === 'digest' ? claim.digest : digestEntry(claim);
    return sha256(concatBytes(utf8(claim.protocol), digest));
  });
  return sha256(concatBytes(count, ...digests));
}

function digestEntry(entry: Extract<ApplicationClaim, { kind: 'entry' }>): Uint8Array {
  const { secretKey, collectionId, contents } = entry;
  return sha256(
    concatBytes(hmacSha256(secretKey, utf8(collectionId)), hmacSha256(secretKey, utf8(contents))),
  );
}

function parseClaim(value: JsonValue): ApplicationClaim | null {
  if (!isJsonObject(value)) return null;
  if (value.kind === 'LedgerEntry') {
    const entry = memberOf(value, 'ledgerEntry');
    if (!isJsonObject(entry)) return null;
    const { protocol, contents } = entry;
    const collectionId = memberOf(entry, 'collectionId');
    const secretKey = memberOf(entry, 'secretKey');
    const key = typeof secretKey === 'string' ? parseBase64(secretKey) : null;
    if (protocol !== 'LedgerEntryV1' || typeof contents !== 'string' || typeof collectionId !== 'string')
      return null;
    return key?.ok ? { kind: 'entry', protocol, collectionId, contents, secretKey: key.value } : null;
  }
  if (value.kind === 'ClaimDigest' && isJsonObject(value.digest)) {
    const { protocol, value: hex } = value.digest;
    const digest = typeof hex === 'string' ? parseHex(hex) : null;
    if (typeof protocol !== 'string' || !digest?.ok || digest.value.length !== 32) return null;
    return { kind: 'digest', protocol, digest: digest.value };
  }
  return null;
}
