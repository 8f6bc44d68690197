'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { TamperTarget } from '@/lib/evidence/tamper/tamper-case';
import type { TamperAttempt, TamperEvent, TamperRequest, TamperSubject } from './tamper-protocol';

export interface TamperState {
  phase: 'reading' | 'ready' | 'trying' | 'failed';
  targets: readonly TamperTarget[];
  /** Lines that pass for the evidence as it is. */
  valid: number;
  attempt: TamperAttempt | null;
  message: string | null;
}

const READING: TamperState = { phase: 'reading', targets: [], valid: 0, attempt: null, message: null };

/** Tampering with a copy of a subject's evidence, in a worker of its own. Begins to read it at once; leaving the page ends it. */
export function useTamperDrill(subject: TamperSubject) {
  const [state, setState] = useState<TamperState>(READING);
  const worker = useRef<Worker | null>(null);

  useEffect(() => {
    setState(READING);
    const made = new Worker(new URL('./tamper.worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<TamperEvent>) => setState((before) => step(before, data));
    made.onerror = (event) => {
      const message = event.message || 'the checker could not be started';
      setState((before) => ({ ...before, phase: 'failed', message }));
    };
    made.postMessage({ type: 'open', subject } satisfies TamperRequest);
    return () => {
      made.terminate();
      worker.current = null;
    };
  }, [subject]);

  /** Changes one bit of a field; bits count from the first byte's highest. */
  const attempt = useCallback((target: string, bit: number) => {
    worker.current?.postMessage({ type: 'try', target, bit } satisfies TamperRequest);
    setState((before) => ({ ...before, phase: 'trying' }));
  }, []);

  return { state, attempt };
}

function step(before: TamperState, event: TamperEvent): TamperState {
  switch (event.type) {
    case 'opened':
      return { ...before, phase: 'ready', targets: event.targets, valid: event.valid };
    case 'tried':
      return { ...before, phase: 'ready', attempt: event.attempt };
    case 'failed':
      return { ...before, phase: 'failed', message: event.message };
  }
}
