import type { WitnessEvidence } from '@/lib/evidence/evidence-source';

export async function listWitnessEvidence(
  _tenant: string,
  _stream: string,
  _position: number,
): Promise<WitnessEvidence[]> {
  return [];
}
