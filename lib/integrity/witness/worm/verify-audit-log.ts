import { formatHex, parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { parseInstant } from '@/lib/core/instant';
import type { Check } from '@/lib/integrity/check';
import {
  type AuditFile,
  type CloudTrailDigest,
  checkLogFile,
  followsDigest,
  verifyDigest,
} from './cloudtrail';
import { listPutEvents, type PutEvent } from './cloudtrail-event';
import type { CloudTrailEvidence, WormStatement } from './worm-statement';

export interface AuditFinding {
  readonly checks: readonly Check[];
  /** When the log says that the object was put; only when it names the very object. */
  readonly putAtMs: number | null;
}

const DIGEST = { id: 'worm.audit', title: 'Audit digests' };
const LOG = { id: 'worm.audit-log', title: 'Audit log' };
const STORE = { id: 'worm.store', title: 'What the store says' };

/**
 * Holds a statement against the store's audit log: digests under one of `auditKeys` (SPKI DER), then log files, then the
 * line on the object.
 */
export async function verifyAuditLog(
  statement: WormStatement,
  evidence: CloudTrailEvidence,
  auditKeys: readonly Uint8Array[],
): Promise<AuditFinding> {
  if (auditKeys.length === 0) {
    const reason = 'no key of the store’s audit log is pinned here; with it the signed log can be checked';
    return {
      checks: [{ ...STORE, verdict: 'not-checked', compared: 'the store’s audit log', reason }],
      putAtMs: null,
    };
  }
  const signed = evidence.digests.map((one) => ({ ...decoded(one), signature: one.signature }));
  const digests: CloudTrailDigest[] = [];
  let fingerprint = '';
  for (const [i, one] of signed.entries()) {
    const compared = `the store’s signature over audit digest ${i + 1} of ${signed.length}, its place and the digest before it`;
    const verified = await verifyDigest(one, auditKeys);
    if (!verified) {
      const reason = 'this browser offers no RSA here (the page is not in a secure context)';
      return { checks: [{ ...DIGEST, verdict: 'not-checked', compared, reason }], putAtMs: null };
    }
    if (!verified.ok) return refused(DIGEST, compared, verified.code);
    const before = signed[i - 1];
    if (before && !followsDigest(verified.value.digest, before)) {
      return refused(DIGEST, compared, 'audit_chain_broken');
    }
    digests.push(verified.value.digest);
    fingerprint = formatDigest('sha-256', sha256(verified.value.key));
  }
  const checks: Check[] = [
    {
      ...DIGEST,
      verdict: 'valid',
      compared: `the store’s signature over ${signed.length === 1 ? 'its audit digest' : `each of ${signed.length} audit digests, which follow each other`}`,
      key: fingerprint,
      root: { name: 'audit key of the store', fingerprint },
    },
  ];
  const logs = evidence.logs.map(decoded);
  for (const [i, log] of logs.entries()) {
    const compared = `SHA-256 of audit log file ${i + 1} of ${logs.length} with what a signed digest lists under its name`;
    const listed = checkLogFile(log, digests);
    if (!listed.ok)
      return { checks: [...checks, ...refused(LOG, compared, listed.code).checks], putAtMs: null };
    checks.push({ ...LOG, verdict: 'valid', compared, computed: formatHex(sha256(log.content)) });
  }
  const told = checkEvent(statement, logs);
  return { checks: [...checks, ...told.checks], putAtMs: told.putAtMs };
}

/** The log's line on this very object and version, member by member. */
function checkEvent(statement: WormStatement, logs: readonly AuditFile[]): AuditFinding {
  const events = logs.flatMap(({ content }) => listPutEvents(content, statement.bucket, statement.key) ?? []);
  const base = { ...STORE, compared: 'this receipt with the signed audit log’s line on the object' };
  const event = events.find(({ versionId }) => versionId !== undefined && versionId === statement.versionId);
  if (!event) {
    const reason = 'the audit log that came with the receipt says nothing of this version of the object';
    return { checks: [{ ...base, verdict: 'not-checked', reason }], putAtMs: null };
  }
  const members = membersOf(statement, event);
  const wrong = members.find(({ stated, logged }) => logged !== undefined && logged !== stated);
  if (wrong) {
    return {
      checks: [
        {
          ...base,
          verdict: 'invalid',
          code: 'audit_contradicts',
          compared: `${wrong.name} in this receipt with the signed audit log’s line on the object`,
          expected: wrong.logged ?? '',
          computed: wrong.stated ?? 'none',
        },
      ],
      putAtMs: null,
    };
  }
  const silent = members.filter(({ logged }) => logged === undefined);
  if (silent.length > 0) {
    const reason = `the signed audit log names the object, but not ${silent.map(({ name }) => name).join(', ')}`;
    return { checks: [{ ...base, verdict: 'not-checked', reason }], putAtMs: null };
  }
  return {
    checks: [
      {
        ...base,
        verdict: 'valid',
        compared: `version, lock, end of the lock and checksum with the signed audit log’s line of ${event.eventTime}`,
      },
    ],
    putAtMs: wholeSecond(event.eventTime),
  };
}

function membersOf(
  statement: WormStatement,
  event: PutEvent,
): { name: string; stated: string | null; logged: string | undefined }[] {
  const until = event.retainUntil === undefined ? undefined : wholeSecond(event.retainUntil);
  const stated = statement.retainUntil === null ? null : wholeSecond(statement.retainUntil);
  return [
    { name: 'its lock', stated: statement.mode, logged: event.mode },
    {
      name: 'the end of its lock',
      stated: stated === null ? null : String(stated),
      logged: until === undefined ? undefined : String(until),
    },
    { name: 'its checksum', stated: statement.checksumSha256, logged: event.checksumSha256 },
  ];
}

/** RFC 3339 in UTC with or without milliseconds, as AWS writes it both ways; null for anything else. */
function wholeSecond(text: string): number | null {
  const parsed = parseInstant(/\.[0-9]{3}Z$/.test(text) ? text : text.replace(/Z$/, '.000Z'));
  return parsed.ok ? parsed.value : null;
}

function refused(base: Pick<Check, 'id' | 'title'>, compared: string, code: string): AuditFinding {
  return { checks: [{ ...base, verdict: 'invalid', code, compared }], putAtMs: null };
}

function decoded(file: { bucket: string; object: string; content: string }): AuditFile {
  const content = parseBase64(file.content);
  return {
    bucket: file.bucket,
    object: file.object,
    content: content.ok ? content.value : new Uint8Array(0),
  };
}
