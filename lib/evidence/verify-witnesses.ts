import { formatInstant } from '@/lib/core/instant';
import { type Check, type CheckRoot, overallVerdict } from '@/lib/integrity/check';
import type { WitnessReport, WitnessType } from '@/lib/integrity/witness/witness-report';
import type { WitnessEvidence } from './evidence-source';
import { findRoot, formatRoot } from './find-root';
import type { TrustRoot } from './trust/trust-root';
import { checkCheckpoint, checkInclusion, type LogTrust } from './verify-log';
import { type ReceiptOptions, verifyReceipt } from './verify-receipt';
import { WITNESS_WORDS } from './witness-words';

/** One witness's line, and what of it counts. */
export interface WitnessFinding {
  readonly check: Check;
  /** Who vouches, so that two receipts of one authority count once; null unless all of it is VALID. */
  readonly authority: string | null;
  /** Milliseconds since the Unix epoch; null unless all of it is VALID. */
  readonly witnessedAtMs: number | null;
}

/**
 * One witness of one record: the checkpoint's own signature, the record's inclusion at that very size, and every check of
 * the receipt over the signed checkpoint, folded into one line whose details they are.
 * @param record with the link that the caller recomputed
 */
export async function checkWitness(
  evidence: WitnessEvidence,
  record: { stream: string; position: number; link: Uint8Array },
  log: LogTrust,
  roots: readonly TrustRoot[],
  options: ReceiptOptions,
): Promise<WitnessFinding> {
  const { check, checkpoint } = checkCheckpoint(evidence.inclusion.checkpoint, log);
  const included = checkpoint
    ? [
        checkInclusion(record, evidence.inclusion, checkpoint, {
          id: 'log.inclusion',
          title: 'Inclusion',
        }),
      ]
    : [];
  const stamped = { kind: 'bytes', bytes: evidence.inclusion.checkpoint } as const;
  const report = await verifyReceipt(evidence.type, evidence.receipt, stamped, roots, options);
  const size = checkpoint?.size ?? evidence.inclusion.size;
  return foldWitness(evidence, [check, ...included, ...report.checks], report, roots, size);
}

function foldWitness(
  evidence: WitnessEvidence,
  details: readonly Check[],
  report: WitnessReport,
  roots: readonly TrustRoot[],
  size: number,
): WitnessFinding {
  const verdict = overallVerdict(details);
  const witnessedAtMs = verdict === 'valid' ? report.witnessedAtMs : null;
  const decisive = details.find((detail) => detail.verdict === verdict);
  const root = findRoot(report.checks, roots);
  const when = witnessedAtMs === null ? '' : ` at ${formatInstant(Math.round(witnessedAtMs))}`;
  const who = report.witness === null ? evidence.witness : `${evidence.witness} (${report.witness})`;
  const base = {
    id: `witness.${evidence.witness}`,
    title: WITNESS_WORDS[evidence.type].title,
    verdict,
    compared: `what ${who} saw${when} with the signed checkpoint of size ${size.toLocaleString('en')}, which holds this record`,
    ...(root ? { root: formatRoot(root) } : {}),
    details,
  };
  if (verdict === 'valid')
    return { check: base, authority: authorityOf(evidence.type, report, base.root), witnessedAtMs };
  const { code, expected, computed, where } = decisive ?? {};
  const check: Check = {
    ...base,
    ...(code !== undefined && verdict === 'invalid' ? { code } : {}),
    ...(verdict === 'invalid' && expected !== undefined ? { expected } : {}),
    ...(verdict === 'invalid' && computed !== undefined ? { computed } : {}),
    ...(verdict === 'invalid' && where !== undefined ? { where } : {}),
    ...(verdict === 'not-checked'
      ? { reason: decisive?.reason ?? `pin ${WITNESS_WORDS[evidence.type].settledBy}` }
      : {}),
  };
  return { check, authority: null, witnessedAtMs: null };
}

/** Blocks of one chain are one witness, whichever of them holds the proof; otherwise whoever holds the root. */
function authorityOf(type: WitnessType, report: WitnessReport, root: CheckRoot | undefined): string {
  if (type === 'opentimestamps') return 'bitcoin';
  return root?.fingerprint ?? `${type} ${report.witness ?? ''}`;
}

/** How many witnesses vouch, none counted twice. One that nobody outside has seen is NOT CHECKED, never VALID. */
export function checkWitnessCount(findings: readonly WitnessFinding[]): Check {
  const base = { id: 'witnesses', title: 'Witnesses' };
  const authorities = new Set(findings.flatMap(({ authority }) => (authority === null ? [] : [authority])));
  const times = findings.flatMap(({ witnessedAtMs }) => (witnessedAtMs === null ? [] : [witnessedAtMs]));
  const compared = `receipts of ${findings.length} ${findings.length === 1 ? 'witness' : 'witnesses'}, counting nobody twice`;
  if (findings.length === 0) {
    return {
      ...base,
      verdict: 'not-checked',
      compared: 'the checkpoint with the receipts of outside witnesses',
      reason: 'no witness has stamped it: only this verifier and the console have seen it',
    };
  }
  if (authorities.size === 0) {
    return {
      ...base,
      verdict: 'not-checked',
      compared,
      reason: 'not one of the receipts could be checked to its end under a pinned root',
    };
  }
  const since = times.length === 0 ? '' : `, the first at ${formatInstant(Math.round(Math.min(...times)))}`;
  const vouch =
    authorities.size === 1 ? '1 distinct witness vouches' : `${authorities.size} distinct witnesses vouch`;
  return { ...base, verdict: 'valid', compared: `${compared}: ${vouch} for it${since}` };
}
