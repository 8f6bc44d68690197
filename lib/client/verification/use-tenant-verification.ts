'use client';

import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { TenantMaterial } from '@/lib/evidence/verification-material';
import type { Check } from '@/lib/integrity/check';
import type { ChainFinding } from '@/lib/integrity/walk-chain';
import { reportFinding } from './findings';
import { placeWords } from './place-words';
import type { VerificationEvent, VerificationRequest } from './protocol';

export interface StreamState {
  done: number;
  total: number;
  findings: readonly ChainFinding[];
  /** Set when the walk of this stream has ended. */
  checks: readonly Check[] | null;
}

export interface TenantVerificationState {
  phase: 'idle' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
  streams: ReadonlyMap<string, StreamState>;
  current: string | null;
  /** Records checked, of all, and the time spent on them; pauses do not count. */
  done: number;
  total: number;
  spentMs: number;
  message: string | null;
}

type Step =
  | (VerificationEvent & { atMs: number })
  | { type: 'start'; material: TenantMaterial; atMs: number }
  | { type: 'pause' | 'resume' | 'cancel'; atMs: number };

interface Inner extends TenantVerificationState {
  sinceMs: number;
}

const IDLE: Inner = {
  phase: 'idle',
  streams: new Map(),
  current: null,
  done: 0,
  total: 0,
  spentMs: 0,
  message: null,
  sinceMs: 0,
};
const MOST_FINDINGS = 20;

const NOTHING: StreamState = { done: 0, total: 0, findings: [], checks: null };

function withStream(state: Inner, stream: string, change: Partial<StreamState>): Inner {
  const streams = new Map(state.streams);
  streams.set(stream, { ...(streams.get(stream) ?? NOTHING), ...change });
  const done = [...streams.values()].reduce((n, each) => n + each.done, 0);
  return { ...state, streams, done };
}

/** One state from the events of a run; time passes only while it runs. */
export function stepTenant(state: Inner, step: Step): Inner {
  if (step.type === 'start') {
    const streams = new Map(
      step.material.streams.map(({ stream, head }) => [stream, { ...NOTHING, total: head }]),
    );
    const total = step.material.streams.reduce((n, { head }) => n + head, 0);
    return { ...IDLE, phase: 'running', streams, total, sinceMs: step.atMs };
  }
  const running = state.phase === 'running';
  const now: Inner = {
    ...state,
    spentMs: state.spentMs + (running ? step.atMs - state.sinceMs : 0),
    sinceMs: step.atMs,
  };
  switch (step.type) {
    case 'running':
      return { ...now, current: step.id };
    case 'progress':
      return withStream(now, step.stream, { done: step.done });
    case 'finding': {
      const known = now.streams.get(step.stream)?.findings ?? [];
      return known.length >= MOST_FINDINGS
        ? now
        : withStream(now, step.stream, { findings: [...known, step.finding] });
    }
    case 'stream':
      return withStream(now, step.stream, { done: step.records, checks: step.checks });
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

/** "Verify everything in this browser": every stream from its first record, in a worker. */
export function useTenantVerification() {
  const [state, dispatch] = useReducer(stepTenant, IDLE);
  const worker = useRef<Worker | null>(null);

  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback(
    (material: TenantMaterial) => {
      stop();
      const made = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });
      worker.current = made;
      dispatch({ type: 'start', material, atMs: performance.now() });
      made.onmessage = ({ data }: MessageEvent<VerificationEvent>) => {
        dispatch({ ...data, atMs: performance.now() });
        if (data.type === 'stream') {
          const first = data.checks.find(({ verdict }) => verdict === 'invalid');
          reportFinding(data.stream, first ? placeWords(first.where, first.title.toLowerCase()) : null);
        }
        if (data.type === 'done' || data.type === 'failed') stop();
      };
      made.onerror = (event) => {
        dispatch({
          type: 'failed',
          message: event.message || 'the checker could not be started',
          atMs: performance.now(),
        });
        stop();
      };
      made.postMessage({ type: 'tenant', material } satisfies VerificationRequest);
    },
    [stop],
  );

  const send = (type: 'pause' | 'resume') => {
    worker.current?.postMessage({ type } satisfies VerificationRequest);
    dispatch({ type, atMs: performance.now() });
  };
  return {
    state: state as TenantVerificationState,
    start,
    pause: () => send('pause'),
    resume: () => send('resume'),
    cancel: () => {
      stop();
      dispatch({ type: 'cancel', atMs: performance.now() });
    },
  };
}
