import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import type { DecisionMaterial, TenantMaterial } from '@/lib/evidence/verification-material';
import type { TimedCheck } from '@/lib/evidence/verify-decision';
import type { StreamResult } from '@/lib/evidence/verify-everything';
import type { StreamFinding } from '@/lib/evidence/verify-range';
import type { Check } from '@/lib/integrity/check';

/** What a page asks of the worker. `fromStart` walks every stream from its first record, whatever is remembered. */
export type VerificationRequest =
  | {
      type: 'decision';
      detail: DecisionDetail;
      material: DecisionMaterial;
      fromStart: boolean;
      threads: number;
    }
  | { type: 'tenant'; material: TenantMaterial; fromStart: boolean; threads: number }
  | { type: 'pause' }
  | { type: 'resume' };

/** What the worker tells, in order; `done` or `failed` is the last. */
export type VerificationEvent =
  | { type: 'running'; id: string; title: string }
  | { type: 'check'; check: TimedCheck }
  | { type: 'progress'; stream: string; done: number; total: number; bytes: number }
  | { type: 'finding'; stream: string; finding: StreamFinding }
  | { type: 'log-progress'; done: number; total: number; bytes: number }
  | { type: 'log'; checks: readonly Check[] }
  | { type: 'stream'; result: StreamResult }
  | { type: 'done' }
  | { type: 'failed'; message: string };
