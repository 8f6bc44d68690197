import { type Check, type CheckVerdict, overallVerdict } from '@/lib/integrity/check';
import type { TrustRoot } from '../trust/trust-root';
import { checkBuriedEnvelope, checkEnvelope } from './check-envelope';
import { checkExecution, refuseForm } from './check-execution';
import { checkProject } from './check-project';
import { attestationOf, checkReceipt, packageReceiptOf, readReceipt } from './check-receipt';
import { type CerFact, describeCer, noteLimits } from './describe-cer';
import type { CerNode } from './node-signature';
import { type CerDocument, parseCer } from './parse-cer';

/** Lines of one step of a project. */
export interface CerStepReport {
  readonly id: string;
  readonly title: string;
  readonly checks: readonly Check[];
  readonly verdict: CheckVerdict;
}

export interface CerReport {
  readonly checks: readonly Check[];
  /** Of a project: its steps in the order of their numbers. */
  readonly steps: readonly CerStepReport[];
  /** Over all lines of both. */
  readonly verdict: CheckVerdict;
  /** What the record says of itself, for a person to read; whoever made it chose the words. */
  readonly summary: readonly CerFact[];
  /** What it does not show, even where every line is VALID. */
  readonly notes: readonly string[];
}

/**
 * Verifies attacker-controlled bytes as a Certified Execution Record (NexArt `cer.ai.execution.v1`, alone, in a package or
 * in a project): its own hashes, what a node signed of it under the pinned `cer-node` roots, and the order of a project's
 * steps. An attestation whose key is not pinned is NOT CHECKED; a record without one shows only that it fits itself, which
 * `notes` says. Never throws for what the bytes hold.
 */
export async function verifyCer(bytes: Uint8Array, trust: readonly TrustRoot[]): Promise<CerReport> {
  const read = parseCer(bytes);
  if (!read.ok) {
    const checks = [refuseForm(read.code, read.detail)];
    return { checks, steps: [], verdict: 'invalid', summary: [], notes: [] };
  }
  const nodes = trust.filter((root): root is CerNode => root.kind === 'cer-node');
  const { checks, steps } = await checkDocument(read.value, nodes);
  return {
    checks,
    steps,
    verdict: overallVerdict([...checks, ...steps]),
    summary: describeCer(read.value),
    notes: noteLimits(read.value),
  };
}

async function checkDocument(
  document: CerDocument,
  nodes: readonly CerNode[],
): Promise<Pick<CerReport, 'checks' | 'steps'>> {
  if (document.kind === 'project') return checkProject(document.project, nodes);
  const { execution } = document;
  const checks = checkExecution(execution);
  const attestation = attestationOf(execution.json);
  if (attestation) checks.push(...(await checkReceipt(attestation, execution.certificateHash, nodes)));
  const buried = checkBuriedEnvelope(execution.json);
  if (buried) checks.push(buried);
  if (document.kind === 'package') {
    const receipt = packageReceiptOf(document.json);
    if (receipt) checks.push(...(await checkReceipt(receipt, execution.certificateHash, nodes)));
    const nodeId = readReceipt(receipt)?.nodeId ?? null;
    const envelope = await checkEnvelope(document.json, nodeId, nodes);
    if (envelope) checks.push(envelope);
  }
  return { checks, steps: [] };
}
