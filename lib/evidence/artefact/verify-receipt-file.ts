import { formatInstant } from '@/lib/core/instant';
import type { Check } from '@/lib/integrity/check';
import type { Stamped, WitnessType } from '@/lib/integrity/witness/witness-report';
import { findRoot, formatRoot } from '../find-root';
import { verifyReceipt } from '../verify-receipt';
import { WITNESS_WORDS } from '../witness-words';
import { type ArtefactFile, readWhole } from './artefact-file';
import type { ArtefactRun } from './artefact-report';
import { chooseStamped } from './choose-stamped';
import { readStamped } from './read-stamped';

/** What was stamped is hashed at once: larger files are for the command line of whoever stamped them. */
const MAX_STAMPED_BYTES = 268_435_456;

/** A witness's receipt with the file that it stamps, or without it as far as that goes. */
export async function verifyReceiptFile(
  run: ArtefactRun,
  type: WitnessType,
  bytes: Uint8Array,
): Promise<void> {
  const beside = chooseStamped(run.file, run.context.companions);
  const read = beside.file ? await readWhole(beside.file, MAX_STAMPED_BYTES) : null;
  if (read && !read.ok) {
    run.tell(
      stampedLine({ verdict: 'not-checked', reason: `the stamped file could not be read (${read.code})` }),
    );
  }
  const stamped: Stamped | null = read?.ok ? { kind: 'bytes', bytes: read.value } : readStamped(type, bytes);
  if (!read?.ok) run.tell(missing(beside.reason));
  else run.say('Stamped file', beside.file?.name);
  if (!stamped) {
    run.tell({
      id: `${type}.receipt`,
      title: 'Receipt',
      verdict: 'not-checked',
      compared: 'the receipt with what it stamps',
      reason: 'without the stamped file nothing in it can be checked',
    });
    return;
  }
  const { nowMs, roots } = run.context;
  const report = await verifyReceipt(type, bytes, stamped, roots, { nowMs });
  const root = findRoot(report.checks, roots);
  for (const check of report.checks) run.tell(withRoot(check, root && formatRoot(root)));
  run.say('Witness', report.witness);
  run.say('Saw it at', instantOf(report.witnessedAtMs), 'instant');
  if (report.checks.some(({ verdict }) => verdict === 'not-checked') && !root)
    run.note(`What would settle it: ${WITNESS_WORDS[type].settledBy}.`);
}

function instantOf(ms: number | null): string | null {
  return ms === null ? null : formatInstant(Math.round(ms));
}

/** The root stands beside the line that names its key. */
function withRoot(check: Check, root: Check['root'] | null): Check {
  return root && check.root === undefined && check.key?.includes(root.name) ? { ...check, root } : check;
}

function stampedLine(outcome: { verdict: 'not-checked'; reason: string }): Check {
  return {
    id: 'receipt.stamped',
    title: 'Stamped bytes',
    compared: 'the file that was stamped with the digest in the receipt',
    ...outcome,
  };
}

function missing(reason: string): Check {
  return stampedLine({ verdict: 'not-checked', reason });
}

/** Files that a receipt used up: they need no report of their own when they are nothing by themselves. */
export function stampedOf(receipt: ArtefactFile, files: readonly ArtefactFile[]): ArtefactFile | null {
  return chooseStamped(receipt, files).file;
}
