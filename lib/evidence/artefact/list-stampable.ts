import { type ArtefactFile, baseName } from './artefact-file';
import type { ArtefactKind } from './artefact-kind';
import { readKind } from './identify-artefact';

const RECEIPT =
  /\.(tsr|tst|ots|cosignature|worm\.json|ccf\.json|ccf\.cose|rekor\.json|sigstore\.json|cose|scitt)$/i;
/** What a receipt may be about without being named like it. A key or a token dropped beside it is there for itself. */
const STAMPABLE: ReadonlySet<ArtefactKind> = new Set(['unknown', 'checkpoint']);
/** Each is hashed and held against the receipt. */
const MAX_CANDIDATES = 16;

/**
 * Which of the files that were dropped with a receipt it may be about: `report.pdf` beside `report.pdf.ots` and then no
 * other; else every file that is nothing by itself, every checkpoint, and what is named `report.*` beside `report.tsr`.
 */
export async function listStampable(
  receipt: ArtefactFile,
  files: readonly ArtefactFile[],
): Promise<readonly ArtefactFile[]> {
  const others = files.filter((file) => file !== receipt && !RECEIPT.test(file.name));
  const stem = baseName(receipt.name).replace(RECEIPT, '');
  const exact = others.filter((file) => baseName(file.name) === stem);
  if (exact.length === 1) return exact;
  const kinds = await Promise.all(others.map(async (file) => readKind(file).catch(() => 'unknown' as const)));
  return others
    .filter(
      (file, at) =>
        STAMPABLE.has(kinds[at] ?? 'unknown') || baseName(file.name).replace(/\.[^.]+$/, '') === stem,
    )
    .slice(0, MAX_CANDIDATES);
}
