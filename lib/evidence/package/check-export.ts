import { formatBase64, parseBase64url } from '@/lib/core/encoding';
import { readRecord } from '@/lib/decisions/read-record';
import type { Check } from '@/lib/integrity/check';
import { parseEnvelope, verifyEnvelopeAsync } from '@/lib/integrity/dsse';
import { type PackageManifest, requestDigest } from './manifest';
import type { EvidencePackage } from './open-package';
import { PACKAGE_SENTENCES } from './package-error';
import { recordPath, VERIFIER_PATH } from './package-places';

/** The record of the export is a `verification` record with this `event`; its body is written in one place. */
export const EXPORT_EVENT = 'evidence.exported';
/** The record in which the console named the digest of its verifier page. */
export const VERIFIER_EVENT = 'verifier.published';

interface SignedBody {
  body: Record<string, unknown>;
  id: string;
  keyid: string;
}

/** A record of the console in the package with its signature checked; a string is the code of what is wrong. */
async function readSigned(
  pkg: EvidencePackage,
  place: { stream: string; position: number },
): Promise<SignedBody | { code: string; key?: string; compared?: string }> {
  const bytes = await pkg.read(recordPath(place.stream, place.position));
  if (!bytes.ok)
    return { code: bytes.code, compared: `the signed record itself. ${PACKAGE_SENTENCES[bytes.code]}` };
  const envelope = parseEnvelope(bytes.value);
  if (!envelope.ok) return { code: envelope.code };
  const keys = pkg.keys.streams.find(({ stream }) => stream === place.stream)?.keys ?? [];
  const verified = await verifyEnvelopeAsync(
    envelope.value,
    keys.flatMap(({ keyid, publicKey }) => {
      const key = parseBase64url(publicKey);
      return key.ok ? [{ keyid, publicKey: key.value }] : [];
    }),
  );
  const keyid = envelope.value.signatures[0]?.keyid ?? '';
  if (!verified.ok) return { code: verified.code, key: keyid };
  const read = readRecord({ envelope: formatBase64(bytes.value) });
  if (!read.ok) return { code: read.code, key: keyid };
  const { payload } = read.value;
  if (payload.stream !== place.stream || payload.kind !== 'verification')
    return { code: 'record_unreadable', key: keyid };
  return { body: payload.body, id: payload.id, keyid: verified.value.keyid };
}

/** That the console recorded this very export, with the request as the manifest tells it, before the package left. */
export async function checkExportRecord(pkg: EvidencePackage): Promise<Check> {
  const { exportRecord, export: request } = pkg.manifest;
  const base = {
    id: 'package.export',
    title: 'Export',
    compared:
      'who took this out, for whom and why, as the manifest says, with the record that the console signed of it',
    where: exportRecord,
  };
  const signed = await readSigned(pkg, exportRecord);
  if ('code' in signed) return { ...base, verdict: 'invalid', ...signed };
  const expected = String(signed.body.request_digest);
  const computed = requestDigest(request);
  const isOurs = signed.body.event === EXPORT_EVENT && signed.id === request.id;
  if (!isOurs || expected !== computed)
    return { ...base, verdict: 'invalid', code: 'export_mismatch', key: signed.keyid, expected, computed };
  return { ...base, verdict: 'valid', key: signed.keyid };
}

/** That the verifier page in the package is one whose digest the console recorded. */
export async function checkVerifierPage(
  pkg: EvidencePackage,
  verifier: NonNullable<PackageManifest['verifier']>,
): Promise<Check> {
  const base = {
    id: 'package.verifier',
    title: 'Verifier page',
    compared: 'verify.html with the digest that the console signed and logged',
    where: verifier.record,
  };
  const signed = await readSigned(pkg, verifier.record);
  if ('code' in signed) return { ...base, verdict: 'invalid', ...signed };
  const expected = String(signed.body.digest);
  const computed = pkg.files.get(VERIFIER_PATH)?.digest ?? 'absent';
  if (signed.body.event !== VERIFIER_EVENT || expected !== computed || verifier.digest !== computed)
    return { ...base, verdict: 'invalid', code: 'verifier_mismatch', key: signed.keyid, expected, computed };
  return { ...base, verdict: 'valid', key: signed.keyid };
}
