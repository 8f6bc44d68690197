'use client';

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { TenantMaterial } from '@/lib/evidence/verification-material';
import { reportFinding } from './findings';
import { forgetLog, type LastRun, readLastRun } from './memory';
import { placeWords } from './place-words';
import type { VerificationEvent, VerificationRequest } from './protocol';
import { IDLE, stepTenant, type TenantStep, type TenantVerificationState } from './tenant-verification';

/**
 * The one run over everything of this tab. It belongs to the tab and not to a page, so it goes on while the person looks
 * at other pages of the console, and in a background tab; another organisation's run ends it.
 */
interface Run {
  tenant: string;
  worker: Worker | null;
  state: TenantVerificationState;
}

let run: Run = { tenant: '', worker: null, state: IDLE };
const listeners = new Set<() => void>();

function take(step: TenantStep): void {
  run = { ...run, state: stepTenant(run.state, step) };
  for (const listener of listeners) listener();
}

function stop(): void {
  run.worker?.terminate();
  run = { ...run, worker: null };
}

function listen(worker: Worker, origin: string | null): void {
  worker.onmessage = ({ data }: MessageEvent<VerificationEvent>) => {
    if (worker !== run.worker) return;
    take({ ...data, atMs: performance.now() });
    if (data.type === 'stream') report(data.result.stream, data.result.checks);
    if (data.type === 'log' && origin !== null) report(origin, data.checks);
    if (data.type === 'done' || data.type === 'failed') stop();
  };
  worker.onerror = (event) => {
    if (worker !== run.worker) return;
    const message = event.message || 'the checker could not be started';
    take({ type: 'failed', message, atMs: performance.now() });
    stop();
  };
}

function report(subject: string, checks: TenantVerificationState['log']['checks']): void {
  const first = checks?.find(({ verdict }) => verdict === 'invalid');
  reportFinding(subject, first ? placeWords(first.where, first.title.toLowerCase()) : null);
}

function send(type: 'pause' | 'resume'): void {
  run.worker?.postMessage({ type } satisfies VerificationRequest);
  take({ type, atMs: performance.now() });
}

/** "Verify everything in this browser" for a tenant. `last` is what the run before this one found; undefined while read. */
export function useTenantVerification(tenant: string, origin: string | null) {
  const state = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (run.tenant === tenant ? run.state : IDLE),
    () => IDLE,
  );
  const [last, setLast] = useState<LastRun | null | undefined>(undefined);

  useEffect(() => {
    if (run.tenant === tenant) return;
    stop();
    run = { tenant, worker: null, state: IDLE };
    for (const listener of listeners) listener();
  }, [tenant]);

  useEffect(() => {
    if (origin === null || state.phase === 'running') return;
    let gone = false;
    readLastRun(origin).then((found) => {
      if (!gone) setLast(found);
    });
    return () => {
      gone = true;
    };
  }, [origin, state.phase]);

  const start = useCallback(
    (material: TenantMaterial, fromStart: boolean) => {
      stop();
      const worker = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });
      run = { tenant, worker, state: run.state };
      take({ type: 'start', material, fromStart, atMs: performance.now() });
      listen(worker, material.log?.origin ?? null);
      const threads = navigator.hardwareConcurrency ?? 2;
      worker.postMessage({ type: 'tenant', material, fromStart, threads } satisfies VerificationRequest);
    },
    [tenant],
  );

  return {
    state,
    last,
    start,
    pause: () => send('pause'),
    resume: () => send('resume'),
    cancel: () => {
      stop();
      take({ type: 'cancel', atMs: performance.now() });
    },
    /** Forgets the log and all that was verified under it. */
    forget: async () => {
      stop();
      if (origin !== null) {
        await forgetLog(origin);
        reportFinding(origin, null);
      }
      setLast(null);
      take({ type: 'forget', atMs: performance.now() });
    },
  };
}

export type TenantVerification = ReturnType<typeof useTenantVerification>;
