import { createConformance } from '@/lib/contract/conform-lines';
import type { ConformanceFinding, ConformanceLine } from '@/lib/contract/conformance';
import { findEnvelopeKeys } from './find-envelope-keys';

/** Each line's findings in order, then what only all lines together tell. @param lines attacker-controlled */
export async function conformSubmission(
  caller: { tenant: string; producerId: string },
  lines: readonly Uint8Array[],
): Promise<(ConformanceLine | { end: ConformanceFinding[] })[]> {
  const conformance = createConformance(await findEnvelopeKeys(caller.tenant, caller.producerId));
  return [...lines.map((line) => conformance.add(line)), { end: conformance.end() }];
}
