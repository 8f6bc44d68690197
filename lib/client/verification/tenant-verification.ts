import type { SequenceHole } from '@/lib/evidence/sequence-ledger';
import type { TenantMaterial } from '@/lib/evidence/verification-material';
import type { StreamFinding } from '@/lib/evidence/verify-range';
import type { Check } from '@/lib/integrity/check';
import type { VerificationEvent } from './protocol';

export interface StreamState {
  /** Records read in this run, and how many there are to read. */
  done: number;
  total: number;
  bytes: number;
  findings: readonly StreamFinding[];
  /** Numbers that came after greater ones, as this browser saw. */
  late: readonly SequenceHole[];
  /** Set when the walk of this stream has ended. */
  checks: readonly Check[] | null;
}

export interface LogState {
  /** Leaves rebuilt in this run, and how many there are. */
  done: number;
  total: number;
  bytes: number;
  checks: readonly Check[] | null;
}

/** What is being counted now, since when: the log's leaves or the streams' records. */
interface Pace {
  kind: 'leaves' | 'records';
  sinceSpentMs: number;
  done: number;
  bytes: number;
}

export interface TenantVerificationState {
  phase: 'idle' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
  /** Whether it reads everything again or goes on from what is remembered. */
  fromStart: boolean;
  streams: ReadonlyMap<string, StreamState>;
  log: LogState;
  current: string | null;
  /** Records checked, of all, and the time spent on them; pauses do not count. */
  done: number;
  total: number;
  spentMs: number;
  pace: Pace | null;
  message: string | null;
  sinceMs: number;
}

export type TenantStep =
  | (VerificationEvent & { atMs: number })
  | { type: 'start'; material: TenantMaterial; fromStart: boolean; atMs: number }
  | { type: 'pause' | 'resume' | 'cancel' | 'forget'; atMs: number };

const NO_LOG: LogState = { done: 0, total: 0, bytes: 0, checks: null };
export const IDLE: TenantVerificationState = {
  phase: 'idle',
  fromStart: true,
  streams: new Map(),
  log: NO_LOG,
  current: null,
  done: 0,
  total: 0,
  spentMs: 0,
  pace: null,
  message: null,
  sinceMs: 0,
};
const MOST_FINDINGS = 20;

const NOTHING: StreamState = { done: 0, total: 0, bytes: 0, findings: [], late: [], checks: null };

function withStream(
  state: TenantVerificationState,
  stream: string,
  change: Partial<StreamState>,
): TenantVerificationState {
  const streams = new Map(state.streams);
  streams.set(stream, { ...(streams.get(stream) ?? NOTHING), ...change });
  let done = 0;
  let total = 0;
  for (const each of streams.values()) {
    done += each.done;
    total += each.total;
  }
  return { ...state, streams, done, total };
}

/** The same state with the pace of what has been counted since its kind began. */
function paced(
  state: TenantVerificationState,
  kind: Pace['kind'],
  more: { done: number; bytes: number },
): TenantVerificationState {
  const pace =
    state.pace?.kind === kind ? state.pace : { kind, sinceSpentMs: state.spentMs, done: 0, bytes: 0 };
  return {
    ...state,
    pace: { ...pace, done: pace.done + more.done, bytes: pace.bytes + more.bytes },
  };
}

/** One state from the events of a run; time passes only while it runs. */
export function stepTenant(
  state: TenantVerificationState | undefined,
  step: TenantStep,
): TenantVerificationState {
  if (step.type === 'start') {
    const { streams: named } = step.material;
    const streams = new Map(named.map(({ stream, head }) => [stream, { ...NOTHING, total: head }]));
    const total = named.reduce((n, { head }) => n + head, 0);
    return { ...IDLE, phase: 'running', fromStart: step.fromStart, streams, total, sinceMs: step.atMs };
  }
  if (!state || step.type === 'forget') return IDLE;
  const running = state.phase === 'running';
  const now = {
    ...state,
    spentMs: state.spentMs + (running ? step.atMs - state.sinceMs : 0),
    sinceMs: step.atMs,
  };
  switch (step.type) {
    case 'running':
      return { ...now, current: step.id };
    case 'log-progress': {
      const { done, total, bytes } = step;
      const more = { done: done - now.log.done, bytes: bytes - now.log.bytes };
      return { ...paced(now, 'leaves', more), log: { ...now.log, done, total, bytes } };
    }
    case 'log':
      return { ...now, log: { ...now.log, done: now.log.total, checks: step.checks } };
    case 'progress': {
      const { stream, done, total, bytes } = step;
      const before = now.streams.get(stream) ?? NOTHING;
      const more = { done: done - before.done, bytes: bytes - before.bytes };
      return withStream(paced(now, 'records', more), stream, { done, total, bytes });
    }
    case 'finding': {
      const known = now.streams.get(step.stream)?.findings ?? [];
      return known.length >= MOST_FINDINGS
        ? now
        : withStream(now, step.stream, { findings: [...known, step.finding] });
    }
    case 'stream': {
      const { stream, records, checks, late } = step.result;
      return withStream(now, stream, { done: records, total: records, checks, late });
    }
    case 'pause':
      return running ? { ...now, phase: 'paused' } : now;
    case 'resume':
      return state.phase === 'paused' ? { ...now, phase: 'running' } : now;
    case 'cancel':
      return { ...now, phase: 'cancelled', current: null };
    case 'done':
      return { ...now, phase: 'done', current: null };
    case 'failed':
      return { ...now, phase: 'failed', current: null, message: step.message };
    default:
      return now;
  }
}

/** How fast the present work goes and how long the rest of it takes; null before there is enough to say so. */
export function paceOf(
  state: TenantVerificationState,
): { kind: Pace['kind']; perSecond: number; bytesPerSecond: number; leftMs: number } | null {
  const { pace } = state;
  const tookMs = pace ? state.spentMs - pace.sinceSpentMs : 0;
  if (!pace || tookMs < 500) return null;
  const perSecond = (pace.done * 1_000) / tookMs;
  const left = pace.kind === 'leaves' ? state.log.total - state.log.done : state.total - state.done;
  return {
    kind: pace.kind,
    perSecond,
    bytesPerSecond: (pace.bytes * 1_000) / tookMs,
    leftMs: perSecond === 0 ? Number.POSITIVE_INFINITY : (left * 1_000) / perSecond,
  };
}
