import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import type { DecisionMaterial, TenantMaterial } from '@/lib/evidence/verification-material';
import type { TimedCheck } from '@/lib/evidence/verify-decision';
import type { Check } from '@/lib/integrity/check';
import type { ChainFinding } from '@/lib/integrity/walk-chain';

/** What a page asks of the worker. `fromStart` walks every stream from its first record, whatever is remembered. */
export type VerificationRequest =
  | { type: 'decision'; detail: DecisionDetail; material: DecisionMaterial; fromStart: boolean }
  | { type: 'tenant'; material: TenantMaterial }
  | { type: 'pause' }
  | { type: 'resume' };

/** What the worker tells, in order; `done` or `failed` is the last. */
export type VerificationEvent =
  | { type: 'running'; id: string; title: string }
  | { type: 'check'; check: TimedCheck }
  | { type: 'progress'; stream: string; done: number; total: number; bytes: number }
  | { type: 'finding'; stream: string; finding: ChainFinding }
  | { type: 'stream'; stream: string; records: number; checks: Check[] }
  | { type: 'done' }
  | { type: 'failed'; message: string };
