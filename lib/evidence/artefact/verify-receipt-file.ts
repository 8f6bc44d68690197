import { formatInstant } from '@/lib/core/instant';
import type { Check } from '@/lib/integrity/check';
import type { WitnessReport, WitnessType } from '@/lib/integrity/witness/witness-report';
import { findRoot, formatRoot } from '../find-root';
import { verifyReceipt } from '../verify-receipt';
import { WITNESS_WORDS } from '../witness-words';
import { readWhole } from './artefact-file';
import type { ArtefactRun } from './artefact-report';
import { listStampable } from './list-stampable';
import { verifyReceiptAlone } from './verify-receipt-alone';

/** What was stamped is hashed at once: larger files are for the command line of whoever stamped them. */
const MAX_STAMPED_BYTES = 268_435_456;

/** A witness's receipt with the file that it stamps, or without it as far as that goes. */
export async function verifyReceiptFile(
  run: ArtefactRun,
  type: WitnessType,
  bytes: Uint8Array,
): Promise<void> {
  const report = await verifyWithStamped(run, type, bytes);
  const { roots } = run.context;
  const root = findRoot(report.checks, roots);
  for (const check of report.checks) run.tell(withRoot(check, root && formatRoot(root)));
  run.say('Witness', report.witness);
  run.say('Saw it at', instantOf(report.witnessedAtMs), 'instant');
  if (report.checks.some(({ verdict }) => verdict === 'not-checked') && !root)
    run.note(`What would settle it: ${WITNESS_WORDS[type].settledBy}.`);
}

/** Of several files that it may be about, the one that fits is the one; a single one must fit. */
async function verifyWithStamped(
  run: ArtefactRun,
  type: WitnessType,
  bytes: Uint8Array,
): Promise<WitnessReport> {
  const { companions, nowMs, roots } = run.context;
  const candidates = await listStampable(run.file, companions);
  let reason = 'drop the file that was stamped together with the receipt';
  for (const candidate of candidates) {
    run.context.signal?.throwIfAborted();
    const read = await readWhole(candidate, MAX_STAMPED_BYTES);
    if (!read.ok) {
      reason = `${candidate.name} could not be read (${read.code})`;
      continue;
    }
    const report = await verifyReceipt(type, bytes, { kind: 'bytes', bytes: read.value }, roots, { nowMs });
    if (candidates.length > 1 && report.verdict === 'invalid') {
      reason = `it fits none of the ${candidates.length} other files; drop the one that was stamped`;
      continue;
    }
    run.saysStamped(candidate);
    return report;
  }
  const alone = await verifyReceiptAlone(type, bytes, roots, { nowMs });
  if (!alone.isWhole) {
    run.tell({
      id: 'receipt.stamped',
      title: 'Stamped bytes',
      verdict: 'not-checked',
      compared: 'the file that was stamped with the digest in the receipt',
      reason,
    });
  }
  return alone.report;
}

function instantOf(ms: number | null): string | null {
  return ms === null ? null : formatInstant(Math.round(ms));
}

/** The root stands beside the line that names its key. */
function withRoot(check: Check, root: Check['root'] | null): Check {
  return root && check.root === undefined && check.key?.includes(root.name) ? { ...check, root } : check;
}
