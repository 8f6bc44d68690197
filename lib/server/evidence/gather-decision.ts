import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import type { EvidenceSource, WitnessEvidence } from '@/lib/evidence/evidence-source';
import type { DecisionParts } from '@/lib/evidence/package/assemble-package';
import { buildChain } from '@/lib/evidence/package/build-chain';
import { listRuns } from '@/lib/evidence/package/list-runs';
import type { DecisionMaterial } from '@/lib/evidence/verification-material';
import type { Viewer } from '@/lib/identity/viewer';
import { getDecision } from '../decisions/get-decision';
import { getVerificationMaterial } from '../decisions/get-verification-material';
import { getInclusion } from '../log/get-inclusion';
import { listWitnessEvidence } from '../witnesses/list-witness-evidence';
import { gatherPayloads } from './gather-payloads';
import { readRecords } from './read-records';

export interface GatheredDecision {
  parts: Omit<DecisionParts, 'next'>;
  material: DecisionMaterial;
}

/** One decision as this viewer may see it, with every proof that exists of it now. */
export async function gatherDecision(
  viewer: Viewer,
  decisionId: string,
  options: { payloads: { exportId: string } | null; nowMs: number },
): Promise<GatheredDecision> {
  const { nowMs } = options;
  const [detail, material] = await Promise.all([
    getDecision(viewer, decisionId),
    getVerificationMaterial(viewer.tenant.id, decisionId, { nowMs }),
  ]);
  const proofs: DecisionParts['proofs'][number][] = [];
  for (const { stream, position } of viewsOf(detail)) {
    const inclusion = await getInclusion(stream, position);
    if (inclusion) proofs.push({ stream, position, inclusion });
  }
  const { record } = detail;
  const witnesses = record ? await listWitnessEvidence(record.stream, record.position) : [];
  const payloads = options.payloads
    ? await gatherPayloads(viewer, detail, options.payloads.exportId, { nowMs })
    : [];
  const { approvals, foreignParents = [] } = material;
  return { parts: { detail, approvals, proofs, witnesses, payloads, foreignParents }, material };
}

/** The decision's record and every one that joined it. */
export function viewsOf(detail: DecisionDetail): RecordView[] {
  return [...(detail.record ? [detail.record] : []), ...detail.related];
}

/** What was gathered, as a source of evidence: the checks of the report are made of what goes into the package. */
export function createGatheredSource({ parts }: GatheredDecision): EvidenceSource {
  const views = viewsOf(parts.detail);
  const bytesAt = (stream: string, position: number) => {
    const view = views.find((one) => one.stream === stream && one.position === position);
    return view ? new Uint8Array(Buffer.from(view.envelope, 'base64')) : null;
  };
  return {
    records: () => {
      throw new Error('a package holds no whole stream');
    },
    runs: async (stream, positions) =>
      listRuns(
        await buildChain({ stream, producer: stream, head: Math.max(...positions) }, positions, readRecords),
        positions,
        async (position) => bytesAt(stream, position),
      ),
    inclusion: async (stream, position) =>
      parts.proofs.find((proof) => proof.stream === stream && proof.position === position)?.inclusion ?? null,
    tile: async () => {
      throw new Error('a package holds no tiles of the log');
    },
    payload: async (wanted) => parts.payloads.find(({ digest }) => digest === wanted)?.bytes ?? null,
    witnesses: async (): Promise<readonly WitnessEvidence[]> => parts.witnesses,
  };
}
