import { formatInstant } from '@/lib/core/instant';
import type { Check } from '@/lib/integrity/check';
import type { Stamped, WitnessReport, WitnessType } from '@/lib/integrity/witness/witness-report';
import { findRoot, formatRoot } from '../find-root';
import { verifyReceipt } from '../verify-receipt';
import { WITNESS_WORDS } from '../witness-words';
import { readWhole } from './artefact-file';
import type { ArtefactRun } from './artefact-report';
import { chooseStamped } from './choose-stamped';
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

async function verifyWithStamped(
  run: ArtefactRun,
  type: WitnessType,
  bytes: Uint8Array,
): Promise<WitnessReport> {
  const { companions, nowMs, roots } = run.context;
  const beside = await chooseStamped(run.file, companions);
  const read = beside.file ? await readWhole(beside.file, MAX_STAMPED_BYTES) : null;
  if (beside.file && read?.ok) {
    run.say('Stamped file', beside.file.name);
    const stamped: Stamped = { kind: 'bytes', bytes: read.value };
    return verifyReceipt(type, bytes, stamped, roots, { nowMs });
  }
  const alone = await verifyReceiptAlone(type, bytes, roots, { nowMs });
  if (!alone.isWhole) {
    run.tell({
      id: 'receipt.stamped',
      title: 'Stamped bytes',
      verdict: 'not-checked',
      compared: 'the file that was stamped with the digest in the receipt',
      reason: read && !read.ok ? `the stamped file could not be read (${read.code})` : beside.reason,
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
