import { formatInstant } from '@/lib/core/instant';
import { type Check, overallVerdict } from '@/lib/integrity/check';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import type { RekorBody } from '@/lib/integrity/witness/rekor/rekor-body';
import { rekorLine } from '@/lib/integrity/witness/rekor/rekor-lines';
import type { RekorLog } from '@/lib/integrity/witness/rekor/rekor-log';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';

/** A pinned certificate of a time-stamping authority, DER, and when it counts (both inclusive). */
export interface PinnedAuthority {
  readonly certificate: Uint8Array;
  readonly validFromMs?: number;
  readonly validUntilMs?: number;
}

/** One RFC 3161 time stamp of a bundle, over the bytes of its signature. */
export async function checkTimestamp(
  token: Uint8Array,
  signature: Uint8Array,
  authorities: readonly PinnedAuthority[],
): Promise<{ check: Check; timeMs: number | null }> {
  const compared = 'the time stamp with the signature, under pinned time-stamping authorities';
  const stamped = { kind: 'bytes', bytes: signature } as const;
  const anchorsAt = (timeMs: number | null): Uint8Array[] =>
    authorities
      .filter((one) => timeMs === null || isInForce(one, timeMs))
      .map(({ certificate }) => certificate);
  const anyTime = await verifyTimestamp(token, stamped, { anchors: anchorsAt(null) });
  const { witnessedAtMs, checks, verdict } = anyTime;
  const worst = checks.find((check) => check.verdict === verdict);
  if (verdict !== 'valid' || witnessedAtMs === null) {
    const outcome =
      verdict === 'invalid'
        ? invalid('rekor_timestamp', { computed: worst?.code ?? 'invalid' })
        : notChecked(worst?.reason ?? 'the time stamp could not be verified');
    return { check: rekorLine('timestamp', compared, outcome, { details: checks }), timeMs: null };
  }
  // The same once more with those alone that were in force then, so that a window narrower than a certificate counts.
  const inForce = await verifyTimestamp(token, stamped, { anchors: anchorsAt(witnessedAtMs) });
  const isInForceThen = overallVerdict(inForce.checks) === 'valid';
  const outcome = isInForceThen
    ? VALID
    : invalid('rekor_timestamp_expired', { computed: formatInstant(witnessedAtMs) });
  const root = checks.find((check) => check.root)?.root;
  return {
    check: rekorLine('timestamp', compared, outcome, {
      details: checks,
      ...(root ? { key: root.name, root } : {}),
    }),
    timeMs: isInForceThen ? witnessedAtMs : null,
  };
}

/** Only for a log whose key is pinned with a life. `timesMs` are those that were verified. */
export function checkLogKey(log: RekorLog | null, timesMs: readonly number[]): Check[] {
  if (!log || (log.validFromMs === undefined && log.validUntilMs === undefined)) return [];
  const compared = `the time of the entry with the life of the log's key as pinned, ${describeLife(log)}`;
  const trust = { key: `${log.origin} (${log.keyId})`, root: log.root };
  const outside = timesMs.find((timeMs) => !isInForce(log, timeMs));
  if (outside !== undefined) {
    const outcome = invalid('rekor_log_expired', { computed: formatInstant(outside) } as const);
    return [rekorLine('log-key', compared, outcome, trust)];
  }
  if (timesMs.length > 0) return [rekorLine('log-key', compared, VALID, trust)];
  // Without an end, a key that signed this was in force: nobody had it before.
  if (log.validUntilMs === undefined) return [];
  return [rekorLine('log-key', compared, notChecked('no time of the entry is verified'), trust)];
}

/** Only where the entry was signed under a certificate: it must have been valid whenever the signature is known to exist. */
export function checkCertificateLife(body: RekorBody, timesMs: readonly number[]): Check[] {
  const certificates = body.signatures.flatMap(({ signer }) => signer.certificate ?? []);
  const [first] = certificates;
  if (!first) return [];
  const compared = 'the verified times of the signature with the life of the certificate';
  if (timesMs.length === 0) {
    return [rekorLine('certificate', compared, notChecked('no time of the signature is verified'))];
  }
  const outside = timesMs.find((timeMs) =>
    certificates.some(({ notBeforeMs, notAfterMs }) => timeMs < notBeforeMs || timeMs > notAfterMs),
  );
  const expected = describeLife({ validFromMs: first.notBeforeMs, validUntilMs: first.notAfterMs });
  const outcome =
    outside === undefined
      ? VALID
      : invalid('rekor_certificate_expired', { expected, computed: formatInstant(outside) } as const);
  return [rekorLine('certificate', compared, outcome)];
}

interface Life {
  readonly validFromMs?: number;
  readonly validUntilMs?: number;
}

function isInForce({ validFromMs = -Infinity, validUntilMs = Infinity }: Life, timeMs: number): boolean {
  return timeMs >= validFromMs && timeMs <= validUntilMs;
}

function describeLife({ validFromMs, validUntilMs }: Life): string {
  const from = validFromMs === undefined ? '' : `from ${describeBound(validFromMs)}`;
  const until = validUntilMs === undefined ? '' : `until ${describeBound(validUntilMs)}`;
  return [from, until].filter((part) => part !== '').join(' ');
}

/** A bound that is no instant lets nothing pass, and must not throw either. */
function describeBound(timeMs: number): string {
  return Number.isInteger(timeMs) ? formatInstant(timeMs) : 'a time that cannot be read';
}
