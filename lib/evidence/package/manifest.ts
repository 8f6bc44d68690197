/**
 * `manifest.json` of an evidence package (formats.md §10): what the file is, who took it out, for whom and why, which
 * decisions it is about, and every other file with its size and digest. It is written last.
 *
 *   {"format":"countersign/evidence/v1","createdAt":"2026-11-20T08:36:00.123Z",
 *    "console":{"origin":"https://console.example","log":"console.example/log"},
 *    "export":{"id":"rec_…","organisation":"bank","by":{"person":"per_…","name":"…","roles":["auditor"]},
 *              "purpose":"regulator-request","caseReference":"FI-2026-118","recipient":"…","payloads":false,
 *              "scope":{"kind":"decision","decision":"dec_…"},"nonce":"<16 random bytes, base64url>"},
 *    "exportRecord":{"stream":"console/bank","position":4711},"verifier":null,"checkpoint":4096,"more":null,
 *    "decisions":[…],"files":[{"path":"records/2f0c…/3.dsse.json","size":1203,"digest":"sha-256:…"}]}
 *
 * Nothing here is signed. What the exporting console signed is the record that `exportRecord` names: it holds
 * SHA-256(JCS(export)) as `request_digest`; `nonce` keeps that digest from telling anything by guessing.
 */
import * as z from 'zod';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { isForeignId } from '@/lib/core/id';
import { formatCanonicalJson, isJsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { decisionRow } from '@/lib/decisions/decision-view';
import { instant } from '@/lib/decisions/record-payload';
import { MAX_QUERY_CHARACTERS } from '@/lib/decisions/search-query';
import type { PackageErrorCode } from './package-error';
import { MAX_MANIFEST_BYTES } from './package-places';

export const PACKAGE_FORMAT = 'countersign/evidence/v1';

/** Decisions that one package holds; a larger search becomes several packages, each telling where the next goes on. */
export const MAX_PACKAGE_DECISIONS = 5_000;
/** Decisions that a case may list. */
export const MAX_CASE_DECISIONS = 500;

export const EXPORT_PURPOSES = [
  'regulator-request',
  'court-proceedings',
  'internal-audit',
  'external-audit',
  'data-subject-request',
  'incident-review',
] as const;
export type ExportPurpose = (typeof EXPORT_PURPOSES)[number];

const foreignId = z.string().refine(isForeignId, 'foreign_id');

/** What the package is about. A search goes on at `cursor`, which the package before it gave as `more`. */
export const packageScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('decision'), decision: foreignId }),
  z.object({
    kind: z.literal('search'),
    query: z.string().max(MAX_QUERY_CHARACTERS),
    cursor: z.string().max(400).optional(),
  }),
  z.object({ kind: z.literal('case'), decisions: z.array(foreignId).min(1).max(MAX_CASE_DECISIONS) }),
]);
export type PackageScope = z.infer<typeof packageScope>;

const place = z.object({ stream: z.string().max(512), position: z.number().int().min(1) });
const path = z.string().max(180);
const sha256Text = z.string().regex(/^sha-256:[0-9a-f]{64}$/);

/** Who took the package out, for whom, why, and what was asked for. */
export const packageExport = z.object({
  id: foreignId,
  organisation: z.string().max(128),
  by: z.object({ person: foreignId, name: z.string().max(200), roles: z.array(z.string().max(40)).max(8) }),
  purpose: z.enum(EXPORT_PURPOSES),
  caseReference: z.string().max(128).nullable(),
  recipient: z.string().max(200).nullable(),
  payloads: z.boolean(),
  scope: packageScope,
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
});
export type PackageExport = z.infer<typeof packageExport>;

/** In which signed record a payload's salted digest stands. */
export const PAYLOAD_ROLES = ['input', 'output', 'action', 'evidence', 'reason'] as const;
export type PayloadRole = (typeof PAYLOAD_ROLES)[number];

export const packagedPayload = z.object({
  role: z.enum(PAYLOAD_ROLES),
  digest: z.string().regex(/^sha3-512:[0-9a-f]{128}$/),
  mediaType: z.string().max(256),
  /** 32 bytes; the digest is SHA3-512(salt ‖ payload). */
  salt: z.base64(),
  path,
});
export type PackagedPayload = z.infer<typeof packagedPayload>;

export const packagedDecision = z.object({
  /** As the exporting console's search shows it. */
  row: decisionRow,
  record: place.nullable(),
  /** Records that joined it later, in the order of their time. */
  related: z.array(place).max(2_000),
  approvals: z
    .array(z.object({ id: foreignId, audience: z.string().max(512), token: path.nullable() }))
    .max(1_000),
  payloads: z.array(packagedPayload).max(1_000),
  /** Decisions of this console that it names as its parents, whether or not they are in the package. */
  parents: z.array(decisionRow).max(64),
  /** Parents that live in another console's log: what is kept of each, and the key under which it was verified. */
  foreignParents: z
    .array(z.object({ id: foreignId, peer: z.string().max(400), vkey: z.string().max(4_000), path }))
    .max(64),
  people: z.array(z.object({ id: foreignId, name: z.string().max(200) })).max(1_000),
  reviewsWithheld: z.boolean(),
  sameId: z.array(place).max(1_000),
});
export type PackagedDecision = z.infer<typeof packagedDecision>;

export const packageFile = z.object({
  path,
  size: z.number().int().nonnegative(),
  digest: sha256Text,
});
export type PackageFile = z.infer<typeof packageFile>;

export const packageManifest = z.object({
  format: z.literal(PACKAGE_FORMAT),
  createdAt: instant,
  console: z.object({ origin: z.string().max(400), log: z.string().max(400).nullable() }),
  export: packageExport,
  exportRecord: place,
  /** The verifier page in the package and the record in which its digest was journalled. */
  verifier: z.object({ digest: sha256Text, record: place }).nullable(),
  /** Size of the log's checkpoint under which the records are proven; null before the log was opened. */
  checkpoint: z.number().int().nonnegative().nullable(),
  /** Where the next package of the same search begins; null when this is the last. */
  more: z.string().max(400).nullable(),
  decisions: z.array(packagedDecision).max(MAX_PACKAGE_DECISIONS),
  files: z.array(packageFile).max(65_534),
});
export type PackageManifest = z.infer<typeof packageManifest>;

/** SHA-256 over the canonical text of the request, as the export's own record names it. */
export function requestDigest(request: PackageExport): string {
  return formatDigest('sha-256', sha256(utf8(formatCanonicalJson(request as unknown as JsonValue))));
}

/** Reads hostile bytes as a manifest. */
export function parseManifest(bytes: Uint8Array): Result<PackageManifest, PackageErrorCode> {
  const json = parsePartJson(bytes);
  if (!json.ok) return err('manifest_invalid', json.detail);
  if (!isJsonObject(json.value)) return err('manifest_invalid');
  if (json.value.format !== PACKAGE_FORMAT) return err('manifest_format');
  const parsed = packageManifest.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : err('manifest_invalid', parsed.error.issues[0]?.path.join('.'));
}

/** Strict JSON of a file in a package; its size was capped by its place. */
export function parsePartJson(bytes: Uint8Array): Result<JsonValue, 'part_invalid'> {
  const text = decodeUtf8(bytes);
  if (!text.ok) return err('part_invalid', text.code);
  const json = parseJson(text.value, { maxDepth: 12, maxBytes: MAX_MANIFEST_BYTES });
  return json.ok ? json : err('part_invalid', json.code);
}

/** Reads hostile bytes as a part of a package with this schema. */
export function parsePart<S extends z.ZodType>(
  bytes: Uint8Array,
  schema: S,
): Result<z.infer<S>, 'part_invalid'> {
  const json = parsePartJson(bytes);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : err('part_invalid', parsed.error.issues[0]?.path.join('.'));
}
