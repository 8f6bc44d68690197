import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';

/** What an administrator needs to register this producer. `kind` with its article. */
export function describeProducerKey(
  { producer, console: origin }: { producer: string; console: string },
  seed: Uint8Array,
  kind: string,
): string {
  const publicKey = publicKeyOf(seed);
  return [
    `Register this producer at ${origin}/settings/producers, as ${kind}:`,
    `  identity     ${producer}`,
    `  public key   ${formatBase64url(publicKey)}`,
    `  fingerprint  ${jwkThumbprint(publicKey)}`,
  ].join('\n');
}
