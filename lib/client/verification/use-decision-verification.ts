'use client';

import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import type { DecisionMaterial } from '@/lib/evidence/verification-material';
import type { TimedCheck } from '@/lib/evidence/verify-decision';
import { reportFinding } from './findings';
import { placeWords } from './place-words';
import type { VerificationEvent, VerificationRequest } from './protocol';

export interface DecisionVerificationState {
  phase: 'idle' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
  checks: readonly TimedCheck[];
  running: { id: string; title: string } | null;
  progress: { stream: string; done: number; total: number; bytes: number } | null;
  message: string | null;
}

const IDLE: DecisionVerificationState = {
  phase: 'idle',
  checks: [],
  running: null,
  progress: null,
  message: null,
};

type Step =
  | VerificationEvent
  | { type: 'start' }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'cancel' };

/** One state from the events of a run; what was checked stays when it is stopped. */
export function stepVerification(state: DecisionVerificationState, step: Step): DecisionVerificationState {
  switch (step.type) {
    case 'start':
      return { ...IDLE, phase: 'running' };
    case 'running':
      return { ...state, running: { id: step.id, title: step.title } };
    case 'check':
      return { ...state, checks: [...state.checks, step.check], running: null };
    case 'progress':
      return {
        ...state,
        progress: { stream: step.stream, done: step.done, total: step.total, bytes: step.bytes },
      };
    case 'pause':
      return state.phase === 'running' ? { ...state, phase: 'paused' } : state;
    case 'resume':
      return state.phase === 'paused' ? { ...state, phase: 'running' } : state;
    case 'cancel':
      return { ...state, phase: 'cancelled', running: null, progress: null };
    case 'done':
      return { ...state, phase: 'done', running: null, progress: null };
    case 'failed':
      return { ...state, phase: 'failed', running: null, message: step.message };
    default:
      return state;
  }
}

/** Runs every check of a decision in a worker of its own; leaving the page ends it. */
export function useDecisionVerification(detail: DecisionDetail, material: DecisionMaterial | undefined) {
  const [state, dispatch] = useReducer(stepVerification, IDLE);
  const worker = useRef<Worker | null>(null);

  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);

  const start = useCallback(
    (fromStart = false) => {
      if (!material) return;
      stop();
      const made = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });
      worker.current = made;
      dispatch({ type: 'start' });
      let place: string | null = null;
      made.onmessage = ({ data }: MessageEvent<VerificationEvent>) => {
        dispatch(data);
        if (data.type === 'check' && data.check.verdict === 'invalid') {
          place ??= placeWords(data.check.where, data.check.title.toLowerCase());
          reportFinding(detail.row.id, place);
        }
        if (data.type === 'done') reportFinding(detail.row.id, place);
        if (data.type === 'done' || data.type === 'failed') stop();
      };
      made.onerror = (event) => {
        dispatch({ type: 'failed', message: event.message || 'the checker could not be started' });
        stop();
      };
      const threads = navigator.hardwareConcurrency ?? 2;
      made.postMessage({
        type: 'decision',
        detail,
        material,
        fromStart,
        threads,
      } satisfies VerificationRequest);
    },
    [detail, material, stop],
  );

  useEffect(() => stop, [stop]);

  return {
    state,
    start,
    pause: () => {
      worker.current?.postMessage({ type: 'pause' } satisfies VerificationRequest);
      dispatch({ type: 'pause' });
    },
    resume: () => {
      worker.current?.postMessage({ type: 'resume' } satisfies VerificationRequest);
      dispatch({ type: 'resume' });
    },
    cancel: () => {
      stop();
      dispatch({ type: 'cancel' });
    },
  };
}
