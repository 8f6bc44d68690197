import { WITNESS_WORDS } from '../witness-words';
import type { ArtefactFile } from './artefact-file';
import type { ArtefactContext, ArtefactReport } from './artefact-report';
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
 * Verifies files that were dropped together, one after the other: each is the others' company. Receipts come first, so that
 * a file that is nothing but what one of them stamps needs no report of its own.
 */
export async function verifyArtefacts(
  files: readonly ArtefactFile[],
  context: Omit<ArtefactContext, 'companions'>,
  events: ArtefactEvents = {},
): Promise<ArtefactReport[]> {
  const kinds = await Promise.all(files.map(async (file) => readKind(file).catch(() => 'unknown' as const)));
  const isReceipt = (at: number) => Object.hasOwn(WITNESS_WORDS, kinds[at] ?? 'unknown');
  const places = files.map((_, at) => at);
  const order = [...places.filter(isReceipt), ...places.filter((at) => !isReceipt(at))];
  const reports = new Map<number, ArtefactReport>();
  const stamped = new Set<string>();
  for (const at of order) {
    context.signal?.throwIfAborted();
    const file = files[at] as ArtefactFile;
    if (kinds[at] === 'unknown' && stamped.has(file.name)) continue;
    events.started?.(at, file);
    const companions = files.filter((other) => other !== file);
    const report = await verifyArtefact(file, { ...context, ...events.context?.(at), companions });
    reports.set(at, report);
    if (report.stamped !== null) stamped.add(report.stamped);
    events.done?.(at, report);
  }
  return places.flatMap((at) => reports.get(at) ?? []);
}
