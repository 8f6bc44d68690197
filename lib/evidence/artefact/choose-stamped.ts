import { type ArtefactFile, baseName } from './artefact-file';
import type { ArtefactKind } from './artefact-kind';
import { readKind } from './identify-artefact';

const RECEIPT =
  /\.(tsr|tst|ots|cosignature|worm\.json|ccf\.json|ccf\.cose|rekor\.json|sigstore\.json|cose|scitt)$/i;
/** What a receipt may be about without being named like it. A key or a token dropped beside it is there for itself. */
const STAMPABLE: ReadonlySet<ArtefactKind> = new Set(['unknown', 'checkpoint']);

/**
 * Which of the files that were dropped with a receipt is the one that it stamps: `report.pdf` beside `report.pdf.ots`, or
 * `report.*` beside `report.tsr`, or the only other file that is nothing by itself, or the only checkpoint.
 */
export async function chooseStamped(
  receipt: ArtefactFile,
  files: readonly ArtefactFile[],
): Promise<{ file: ArtefactFile | null; reason: string }> {
  const others = files.filter((file) => file !== receipt && !RECEIPT.test(file.name));
  const stem = baseName(receipt.name).replace(RECEIPT, '');
  const exact = others.filter((file) => baseName(file.name) === stem);
  const similar = others.filter((file) => baseName(file.name).replace(/\.[^.]+$/, '') === stem);
  const kinds = await Promise.all(others.map(async (file) => readKind(file).catch(() => 'unknown' as const)));
  const stampable = others.filter((_, at) => STAMPABLE.has(kinds[at] ?? 'unknown'));
  for (const found of [exact, similar, stampable]) {
    const [only] = found;
    if (only && found.length === 1) return { file: only, reason: '' };
  }
  if (stampable.length === 0)
    return { file: null, reason: 'drop the file that was stamped together with the receipt' };
  return {
    file: null,
    reason: `which of the ${stampable.length} other files was stamped is not clear: name it like the receipt, or drop just the two`,
  };
}
