import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { Check } from '@/lib/integrity/check';
import type { TrustRoot } from '../trust/trust-root';
import { parseCer } from './parse-cer';
import { verifyCer } from './verify-cer';

/** How a decision names the certificate that it was imported from: `downstream` with the certificate's own hash as id. */
export const CER_SYSTEM = 'nexart';
export const CER_TYPE = 'cer';

/** `sha256:…` of the Certified Execution Record that this decision was imported from; null for every other decision. */
export function certificateOf({ downstream }: Pick<DecisionBody, 'downstream'>): string | null {
  return downstream.find(({ system, type }) => system === CER_SYSTEM && type === CER_TYPE)?.id ?? null;
}

/**
 * The record as it arrived (the decision's output payload), by its own rules, and that it is the one whose hash the signed
 * decision names. `bundle` is null where the verifier was not given the payload.
 */
export async function checkImported(
  body: DecisionBody,
  bundle: Uint8Array | null,
  trust: readonly TrustRoot[],
): Promise<Check> {
  const named = certificateOf(body) ?? '';
  const base = {
    id: 'cer.imported',
    title: 'Certificate',
    compared:
      'the Certified Execution Record as it arrived, by its own rules, and its hash with the one in the signed decision',
    key: named,
  };
  if (!bundle) {
    const reason =
      'what arrived is a payload: take an evidence package with payloads, or check the original file on the verify page against this hash';
    return { ...base, verdict: 'not-checked', reason };
  }
  const report = await verifyCer(bundle, trust);
  const details = [...report.checks, ...report.steps.flatMap(({ checks }) => checks)];
  if (!hashesOf(bundle).includes(named))
    return { ...base, verdict: 'invalid', code: 'cer_certificate_other', expected: named, details };
  const wrong = details.find(({ verdict }) => verdict === 'invalid');
  if (wrong) return { ...base, verdict: 'invalid', code: wrong.code ?? 'cer_shape', details };
  const open = details.find(({ verdict }) => verdict === 'not-checked');
  if (open) return { ...base, verdict: 'not-checked', reason: open.reason ?? open.title, details };
  return { ...base, verdict: 'valid', details };
}

/** The certificate hashes that a file is of: its own, or those of a project's steps. */
function hashesOf(bundle: Uint8Array): string[] {
  const read = parseCer(bundle);
  if (!read.ok) return [];
  if (read.value.kind !== 'project') return [read.value.execution.certificateHash];
  return read.value.project.steps.map(({ certificateHash }) => certificateHash);
}
