import type { ArtefactKind } from '@/lib/evidence/artefact/artefact-kind';
import type {
  ArtefactProgress,
  ArtefactReport,
  ReportSection,
} from '@/lib/evidence/artefact/artefact-report';
import type { TrustRoot, TrustRootKind } from '@/lib/evidence/trust/trust-root';
import type { TimedCheck } from '@/lib/evidence/verify-decision';

/** What a page asks of the worker: these files under these roots. `kinds` are what a person says bare keys are for, by name. */
export interface ArtefactRequest {
  type: 'verify';
  files: readonly File[];
  roots: readonly TrustRoot[];
  kinds: Readonly<Record<string, TrustRootKind>>;
}

export type ArtefactEvent =
  | { type: 'file'; index: number; name: string; size: number; kind: ArtefactKind }
  | { type: 'check'; index: number; check: TimedCheck }
  | { type: 'section'; index: number; section: ReportSection }
  | { type: 'progress'; index: number; progress: ArtefactProgress }
  | { type: 'report'; index: number; report: ArtefactReport };

/** What the worker tells: events in batches, so that a page of 5,000 decisions draws a few times a second. */
export type ArtefactMessage =
  | { type: 'events'; events: ArtefactEvent[] }
  | { type: 'done' }
  | { type: 'failed'; message: string };
