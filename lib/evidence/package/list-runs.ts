import type { StreamRun } from '../evidence-source';
import { type ChainSegment, type ChainStep, findStep, linkBefore, type PackageChain } from './chain-file';

/** A record this near to the start of its stream is walked to from there. */
const FROM_START_STEPS = 1_024;

/**
 * The runs of a packaged chain that hold these positions: one for each segment that holds some of them, from the first of
 * them to the last; other records between count by their digests. `readRecord` gives null for one that cannot be had.
 */
export async function listRuns(
  chain: PackageChain,
  positions: readonly number[],
  readRecord: (position: number) => Promise<Uint8Array | null>,
): Promise<StreamRun[]> {
  const wanted = new Map<ChainSegment, Set<number>>();
  for (const position of [...positions].sort((a, b) => a - b)) {
    const found = findStep(chain, position);
    if (found) wanted.set(found.segment, (wanted.get(found.segment) ?? new Set()).add(found.at));
  }
  const runs: StreamRun[] = [];
  for (const [segment, places] of wanted) {
    const first = Math.min(...places);
    const begin = segment.after.position === 0 && first < FROM_START_STEPS ? 0 : first;
    const steps: StreamRun['steps'][number][] = [];
    for (let at = begin; at <= Math.max(...places); at++) {
      const { digest, included } = segment.steps[at] as ChainStep;
      const bytes = included && places.has(at) ? await readRecord(segment.after.position + at + 1) : null;
      steps.push({ digest, held: included && bytes ? { bytes, link: included.link } : null });
    }
    runs.push({ after: linkBefore(segment, begin), steps });
  }
  return runs;
}
