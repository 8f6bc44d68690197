import { WITNESS_WORDS } from '../witness-words';
import type { ArtefactFile } from './artefact-file';
import type { ArtefactContext, ArtefactReport } from './artefact-report';
import { chooseStamped } from './choose-stamped';
import { readKind } from './identify-artefact';
import { verifyArtefact } from './verify-artefact';

/** Told while a batch runs: which of the files it is about. */
export interface ArtefactEvents {
  readonly started?: (index: number, file: ArtefactFile) => void;
  readonly done?: (index: number, report: ArtefactReport) => void;
  /** Lines of one file as they are known. */
  readonly context?: (index: number) => Partial<ArtefactContext>;
}

/**
 * Verifies files that were dropped together, one after the other: each is the others' company, and a file that is nothing
 * but what a receipt stamps has no report of its own.
 */
export async function verifyArtefacts(
  files: readonly ArtefactFile[],
  context: Omit<ArtefactContext, 'companions'>,
  events: ArtefactEvents = {},
): Promise<ArtefactReport[]> {
  const used = await listStamped(files);
  const reports: ArtefactReport[] = [];
  for (const [index, file] of files.entries()) {
    context.signal?.throwIfAborted();
    if (used.has(file)) continue;
    events.started?.(index, file);
    const companions = files.filter((other) => other !== file);
    const report = await verifyArtefact(file, { ...context, ...events.context?.(index), companions });
    reports.push(report);
    events.done?.(index, report);
  }
  return reports;
}

/** Unknown files that a receipt beside them stamps. */
async function listStamped(files: readonly ArtefactFile[]): Promise<ReadonlySet<ArtefactFile>> {
  const unknown = new Set<ArtefactFile>();
  const receipts: ArtefactFile[] = [];
  for (const file of files) {
    const kind = await readKind(file).catch(() => null);
    if (kind === 'unknown') unknown.add(file);
    if (kind !== null && Object.hasOwn(WITNESS_WORDS, kind)) receipts.push(file);
  }
  const used = new Set<ArtefactFile>();
  for (const receipt of receipts) {
    const { file } = await chooseStamped(receipt, files);
    if (file && unknown.has(file)) used.add(file);
  }
  return used;
}
