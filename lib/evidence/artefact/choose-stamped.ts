import { type ArtefactFile, baseName } from './artefact-file';

const RECEIPT =
  /\.(tsr|tst|ots|cosignature|worm\.json|ccf\.json|ccf\.cose|rekor\.json|sigstore\.json|cose|scitt)$/i;

/**
 * Which of the files that were dropped with a receipt is the one that it stamps: `report.pdf` beside `report.pdf.ots`, or
 * `report.*` beside `report.tsr`, or the only other file that is no receipt itself.
 */
export function chooseStamped(
  receipt: ArtefactFile,
  files: readonly ArtefactFile[],
): { file: ArtefactFile | null; reason: string } {
  const others = files.filter((file) => file !== receipt && !RECEIPT.test(file.name));
  const stem = baseName(receipt.name).replace(RECEIPT, '');
  const exact = others.filter((file) => baseName(file.name) === stem);
  const similar = others.filter((file) => baseName(file.name).replace(/\.[^.]+$/, '') === stem);
  for (const found of [exact, similar, others]) {
    const [only] = found;
    if (only && found.length === 1) return { file: only, reason: '' };
  }
  if (others.length === 0)
    return { file: null, reason: 'drop the file that was stamped together with the receipt' };
  return {
    file: null,
    reason: `which of the ${others.length} other files was stamped is not clear: name it like the receipt, or drop just the two`,
  };
}
