import { concatBytes } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import type { Check } from '@/lib/integrity/check';
import { tellStory } from '../decision-story';
import type { PackagedDecision, PayloadRole } from './manifest';
import type { EvidencePackage } from './open-package';
import { PACKAGE_SENTENCES } from './package-error';
import { saltOf } from './package-source';

const WORDS: Readonly<Record<PayloadRole, string>> = {
  input: 'the input',
  output: 'the output',
  action: 'the action as submitted',
  evidence: 'the evidence shown to the reviewer',
  reason: 'the reviewer’s reason',
};

/** Salted digests that the signed records of a decision name, by what they are of. */
export function listNamedDigests(detail: DecisionDetail): Map<PayloadRole, Set<string>> {
  const named = new Map<PayloadRole, Set<string>>();
  const add = (role: PayloadRole, digest: string | undefined) => {
    if (digest?.startsWith('sha3-512:')) named.set(role, (named.get(role) ?? new Set()).add(digest));
  };
  const read = detail.record ? readRecord(detail.record) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  add('input', body?.data?.input?.digest);
  add('output', body?.data?.output.payload?.digest);
  const story = tellStory(detail.related);
  for (const { body: told } of story.submitted) {
    add('action', told.payloads.action);
    add('evidence', told.payloads.evidence);
  }
  for (const { body: told } of story.reviews) add('reason', told.statement.reason_digest);
  return named;
}

/** That each payload in the package, digested again with its salt, is the one that a signed record names. */
export async function checkPayloads(
  pkg: EvidencePackage,
  decision: PackagedDecision,
  detail: DecisionDetail,
): Promise<Check[]> {
  const named = listNamedDigests(detail);
  const checks: Check[] = [];
  const ids = new Map<PayloadRole, number>();
  for (const { role, digest, salt, path } of decision.payloads) {
    const n = (ids.get(role) ?? 0) + 1;
    ids.set(role, n);
    const base = {
      id: `payload.${role}${n > 1 ? ` ${n}` : ''}`,
      title: 'Payload',
      compared: `${WORDS[role]}, digested again with its salt, with the digest in the signed record`,
    };
    const bytes = await pkg.read(path);
    if (!bytes.ok) {
      checks.push({
        ...base,
        compared: `${base.compared}. ${PACKAGE_SENTENCES[bytes.code]}`,
        verdict: 'invalid',
        code: bytes.code,
      });
      continue;
    }
    const computed = formatDigest('sha3-512', sha3_512(concatBytes(saltOf(salt), bytes.value)));
    const known = named.get(role);
    if (computed !== digest || !known?.has(digest))
      checks.push({
        ...base,
        verdict: 'invalid',
        code: computed === digest ? 'payload_unnamed' : 'payload_digest',
        expected: [...(known ?? [])][0] ?? 'no record names one',
        computed,
      });
    else checks.push({ ...base, verdict: 'valid' });
  }
  const absent = [...named].filter(([role, digests]) => (ids.get(role) ?? 0) < digests.size);
  if (absent.length > 0)
    checks.push({
      id: 'payload.absent',
      title: 'Payloads',
      verdict: 'not-checked',
      compared: `${absent.map(([role]) => WORDS[role]).join(', ')} with the digests in the signed records`,
      reason: pkg.manifest.export.payloads
        ? 'the console did not hold the content any more, or never did'
        : 'the package was made without payloads',
    });
  return checks;
}
