import { type Check, type CheckVerdict, overallVerdict } from '@/lib/integrity/check';
import type { RememberedCheckpoint } from '../evidence-source';
import type { TrustHints } from '../trust/trust-hints';
import type { TrustRoot } from '../trust/trust-root';
import type { TimedCheck } from '../verify-decision';
import type { ArtefactFile } from './artefact-file';
import { ARTEFACT_WORDS, type ArtefactKind } from './artefact-kind';

/** One thing that the file says of itself, for a person to read. `text` may come from whoever made the file. */
export interface SummaryLine {
  readonly label: string;
  readonly text: string;
  /** An identifier, a digest or a time: set in the mono face, whole on copy. */
  readonly form?: 'id' | 'instant';
}

/** One of many things in a file that have lines of their own: a decision of a package, a step of a bundle. */
export interface ReportSection {
  readonly id: string;
  readonly title: string;
  readonly checks: readonly Check[];
  readonly verdict: CheckVerdict;
}

export interface ArtefactReport {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly kind: ArtefactKind;
  readonly title: string;
  readonly verdict: CheckVerdict;
  readonly checks: readonly TimedCheck[];
  readonly sections: readonly ReportSection[];
  readonly summary: readonly SummaryLine[];
  /** What the file, even where everything is VALID, does not show. */
  readonly notes: readonly string[];
  /** Keys that the file brings along: believed by nobody until a person pins them. */
  readonly offered: readonly TrustRoot[];
  /** The file beside it that it was found to stamp, by name. */
  readonly stamped: string | null;
  /** A checkpoint that was verified under a pinned key, to be remembered for next time. */
  readonly remember: { readonly origin: string; readonly checkpoint: RememberedCheckpoint } | null;
}

export interface ArtefactProgress {
  readonly words: string;
  readonly done: number;
  readonly total: number;
}

/** What a verifier brings to a file. */
export interface ArtefactContext {
  /** Files that were dropped together with it. */
  readonly companions: readonly ArtefactFile[];
  /** What the person pinned. */
  readonly roots: readonly TrustRoot[];
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** A monotonic clock in milliseconds, for durations. */
  clock(): number;
  /** The checkpoint of this log that was verified here before, or null. */
  remembered(origin: string): Promise<RememberedCheckpoint | null>;
  /** What the person says that a file of bare keys is to be trusted for. */
  readonly hints?: (file: ArtefactFile) => TrustHints;
  readonly check?: (check: TimedCheck) => void;
  readonly section?: (section: ReportSection) => void;
  readonly progress?: (progress: ArtefactProgress) => void;
  readonly signal?: AbortSignal;
}

/** Collects the lines of one file as they are known, with how long each took. */
export class ArtefactRun {
  private readonly checks: TimedCheck[] = [];
  private readonly sections: ReportSection[] = [];
  private readonly summary: SummaryLine[] = [];
  private readonly notes: string[] = [];
  private offered: readonly TrustRoot[] = [];
  private kept: ArtefactReport['remember'] = null;
  private stamped: string | null = null;
  private begunMs: number;

  constructor(
    readonly file: ArtefactFile,
    readonly kind: ArtefactKind,
    readonly context: ArtefactContext,
  ) {
    this.begunMs = context.clock();
  }

  tell(check: Check): void {
    const now = this.context.clock();
    const timed = { ...check, tookMs: now - this.begunMs };
    this.begunMs = now;
    this.checks.push(timed);
    this.context.check?.(timed);
  }

  section(section: ReportSection): void {
    this.sections.push(section);
    this.context.section?.(section);
  }

  /** Says something of the file; nothing is said of what is absent. */
  say(label: string, text: string | null | undefined, form?: SummaryLine['form']): void {
    if (text === null || text === undefined || text === '') return;
    this.summary.push({ label, text: text.slice(0, 2_000), ...(form ? { form } : {}) });
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }

  offer(roots: readonly TrustRoot[]): void {
    this.offered = roots;
  }

  saysStamped(file: ArtefactFile): void {
    this.stamped = file.name;
    this.say('Stamped file', file.name);
  }

  remember(origin: string, checkpoint: RememberedCheckpoint): void {
    this.kept = { origin, checkpoint };
  }

  report(): ArtefactReport {
    const verdict = overallVerdict([...this.checks, ...this.sections]);
    return {
      file: this.file.name,
      size: this.file.size,
      kind: this.kind,
      title: ARTEFACT_WORDS[this.kind].title,
      verdict,
      checks: this.checks,
      sections: this.sections,
      summary: this.summary,
      notes: this.notes,
      offered: this.offered,
      stamped: this.stamped,
      remember: verdict === 'invalid' ? null : this.kept,
    };
  }
}
