import type { LeafJob, LeafReport } from '@/lib/evidence/verify-leaves';
import type { RangeJob, RangeReport } from '@/lib/evidence/verify-range';

/** What a run asks of one of its lanes. `id` comes back with every answer. */
export type LaneRequest =
  | { id: number; type: 'range'; job: RangeJob }
  | { id: number; type: 'leaves'; job: LeafJob };

export type LaneReport = { range: RangeReport; leaves: LeafReport };

/** What a lane answers: how far it is, then its report or why there is none. */
export type LaneAnswer =
  | { id: number; type: 'progress'; count: number; bytes: number }
  | { id: number; type: 'done'; report: LaneReport[keyof LaneReport] }
  | { id: number; type: 'failed'; message: string };
