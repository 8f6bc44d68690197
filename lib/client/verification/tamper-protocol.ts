import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import type { TamperEffect, TamperTarget } from '@/lib/evidence/tamper/tamper-case';
import type { DecisionMaterial, TenantMaterial } from '@/lib/evidence/verification-material';
import type { LogTrust } from '@/lib/evidence/verify-log';

/** A stream with how far the published log covers it. */
export type CoveredStream = TenantMaterial['streams'][number] & { integrated: number };

/** What a person tries tampering with. */
export type TamperSubject =
  | { kind: 'decision'; detail: DecisionDetail; material: DecisionMaterial }
  | { kind: 'stream'; stream: CoveredStream; log: LogTrust };

/** What a page asks of the worker: first to read a subject's evidence, then to change one bit of a copy of it. */
export type TamperRequest =
  | { type: 'open'; subject: TamperSubject }
  | { type: 'try'; target: string; bit: number };

export type TamperEvent =
  /** `valid`: lines that pass for the evidence as it is; only those can be seen to fail. */
  | { type: 'opened'; targets: TamperTarget[]; valid: number }
  | { type: 'tried'; attempt: TamperAttempt }
  | { type: 'failed'; message: string };

export interface TamperAttempt {
  target: TamperTarget;
  /** The byte of the field that was changed, from 0, and its value before and after. */
  byte: number;
  before: number;
  after: number;
  /** The lines that pass no more. */
  effects: TamperEffect[];
}
