/**
 * Sigstore's trusted root (`trusted_root.json`, protobuf-specs TrustedRoot v0.1 and v0.2), as far as it is used here:
 *
 *   {"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",
 *    "tlogs":[{"baseUrl":"https://rekor.sigstore.dev","publicKey":{"rawBytes":…,"validFor":{"start":…,"end":…}},"logId":…}],
 *    "timestampAuthorities":[{"certChain":{"certificates":[{"rawBytes":…}]},"validFor":{"start":…}}]}
 *
 * Certificate authorities and certificate logs (Fulcio, CT) are passed over: nothing here rests on them.
 */

import * as z from 'zod';
import { parseBase64 } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import type { JsonObject } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { readRekorLog } from '@/lib/integrity/witness/rekor/rekor-log';
import { parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { withFingerprint } from './root-bytes';
import type { TrustErrorCode } from './trust-error';
import type { TrustRoot, TrustRootOf } from './trust-root';

/** RFC 3339 in UTC; protocol buffers print up to nine digits of a second. */
const instant = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));
/** A closed interval that must begin somewhere. */
const interval = z.object({ start: instant, end: instant.nullish() });

const trustedRoot = z.object({
  mediaType: z
    .string()
    .regex(/^application\/vnd\.dev\.sigstore\.trustedroot(\+json;version=0\.[12]|\.v0\.2\+json)$/),
  tlogs: z
    .array(
      z.object({
        baseUrl: z.url({ protocol: /^https?$/ }).max(300),
        publicKey: z.object({ rawBytes: z.base64(), validFor: interval }),
      }),
    )
    .max(100)
    .default([]),
  timestampAuthorities: z
    .array(
      z.object({
        certChain: z.object({
          certificates: z
            .array(z.object({ rawBytes: z.base64() }))
            .min(1)
            .max(8),
        }),
        validFor: interval,
      }),
    )
    .max(100)
    .default([]),
});

/** Logs and time-stamping certificates of a trusted root, each with the time for which it counts. All of them, or none. */
export function parseSigstoreTrust(json: JsonObject): Result<TrustRoot[], TrustErrorCode> {
  const file = trustedRoot.safeParse(json);
  if (!file.success) return err('trust_shape', file.error.issues[0]?.path.join('.'));
  const roots: TrustRoot[] = [];
  for (const { baseUrl, publicKey } of file.data.tlogs) {
    const log = readLog(new URL(baseUrl).host, publicKey.rawBytes, publicKey.validFor);
    if (!log.ok) return log;
    roots.push(log.value);
  }
  for (const { certChain, validFor } of file.data.timestampAuthorities) {
    for (const { rawBytes } of certChain.certificates) {
      const authority = readAuthority(rawBytes, validFor);
      if (!authority.ok) return authority;
      roots.push(authority.value);
    }
  }
  return roots.length === 0 ? err('trust_empty') : ok(roots);
}

function readLog(
  origin: string,
  publicKey: string,
  validFor: z.infer<typeof interval>,
): Result<TrustRoot, TrustErrorCode> {
  const key = parseBase64(publicKey);
  if (!key.ok || !readRekorLog({ origin, publicKey: key.value }).ok) return err('trust_key', origin);
  return withFingerprint<TrustRootOf<'rekor-log'>>({
    kind: 'rekor-log',
    name: origin.slice(0, 200),
    origin,
    publicKey,
    ...lifeOf(validFor),
  });
}

function readAuthority(
  certificate: string,
  validFor: z.infer<typeof interval>,
): Result<TrustRoot, TrustErrorCode> {
  const der = parseBase64(certificate);
  const parsed = der.ok ? parseCertificate(der.value) : der;
  if (!parsed.ok) return err('trust_certificate', parsed.code);
  return withFingerprint<TrustRootOf<'timestamp-authority'>>({
    kind: 'timestamp-authority',
    name: (parsed.value.subjectName || 'time-stamping authority').slice(0, 200),
    certificate,
    ...lifeOf(validFor),
  });
}

function lifeOf({ start, end }: z.infer<typeof interval>): { validFrom: string; validUntil?: string } {
  const validFrom = formatInstant(Date.parse(start));
  return end ? { validFrom, validUntil: formatInstant(Date.parse(end)) } : { validFrom };
}
