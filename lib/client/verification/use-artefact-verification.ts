'use client';

import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { ArtefactKind } from '@/lib/evidence/artefact/artefact-kind';
import type {
  ArtefactProgress,
  ArtefactReport,
  ReportSection,
} from '@/lib/evidence/artefact/artefact-report';
import type { TrustRoot, TrustRootKind } from '@/lib/evidence/trust/trust-root';
import type { TimedCheck } from '@/lib/evidence/verify-decision';
import type { ArtefactEvent, ArtefactMessage, ArtefactRequest } from './artefact-protocol';

/** One dropped file as far as it was checked. */
export interface ShownFile {
  index: number;
  name: string;
  size: number;
  kind: ArtefactKind;
  checks: readonly TimedCheck[];
  sections: readonly ReportSection[];
  progress: ArtefactProgress | null;
  /** Set when the file is done. Its sections are those above. */
  report: ArtefactReport | null;
}

export interface ArtefactVerificationState {
  phase: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  files: readonly ShownFile[];
  message: string | null;
}

type Step = ArtefactMessage | { type: 'start' } | { type: 'cancel' };

const IDLE: ArtefactVerificationState = { phase: 'idle', files: [], message: null };

function withEvent(files: readonly ShownFile[], event: ArtefactEvent): readonly ShownFile[] {
  if (event.type === 'file') {
    const { index, name, size, kind } = event;
    return [...files, { index, name, size, kind, checks: [], sections: [], progress: null, report: null }];
  }
  return files.map((file) => {
    if (file.index !== event.index) return file;
    switch (event.type) {
      case 'check':
        return { ...file, checks: [...file.checks, event.check] };
      case 'section':
        return { ...file, sections: [...file.sections, event.section] };
      case 'progress':
        return { ...file, progress: event.progress };
      default:
        return { ...file, progress: null, report: event.report, checks: event.report.checks };
    }
  });
}

/** Sections of a batch are joined first: a package of 5,000 decisions must not copy its list 5,000 times. */
function withEvents(files: readonly ShownFile[], events: readonly ArtefactEvent[]): readonly ShownFile[] {
  const sections = new Map<number, ReportSection[]>();
  let shown = files;
  for (const event of events) {
    if (event.type !== 'section') {
      shown = withEvent(shown, event);
      continue;
    }
    const joined = sections.get(event.index) ?? [];
    joined.push(event.section);
    sections.set(event.index, joined);
  }
  if (sections.size === 0) return shown;
  return shown.map((file) => {
    const added = sections.get(file.index);
    return added ? { ...file, sections: [...file.sections, ...added] } : file;
  });
}

/** One state from the messages of a run; what was checked stays when it is stopped. */
export function stepArtefacts(state: ArtefactVerificationState, step: Step): ArtefactVerificationState {
  switch (step.type) {
    case 'start':
      return { ...IDLE, phase: 'running' };
    case 'events':
      return { ...state, files: withEvents(state.files, step.events) };
    case 'cancel':
      return state.phase === 'running' ? { ...state, phase: 'cancelled' } : state;
    case 'done':
      return { ...state, phase: 'done' };
    case 'failed':
      return { ...state, phase: 'failed', message: step.message };
    default:
      return state;
  }
}

/** Checks dropped files in a worker that `createWorker` makes; a new start or leaving the page ends the old one. */
export function useArtefactVerification(createWorker: () => Worker, done: () => void) {
  const [state, dispatch] = useReducer(stepArtefacts, IDLE);
  const worker = useRef<Worker | null>(null);
  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback(
    (files: readonly File[], roots: readonly TrustRoot[], kinds: Readonly<Record<string, TrustRootKind>>) => {
      stop();
      dispatch({ type: 'start' });
      let made: Worker;
      try {
        made = createWorker();
      } catch {
        dispatch({ type: 'failed', message: 'This browser does not let the page start its checker.' });
        return;
      }
      worker.current = made;
      made.onmessage = ({ data }: MessageEvent<ArtefactMessage>) => {
        dispatch(data);
        if (data.type === 'done' || data.type === 'failed') {
          stop();
          done();
        }
      };
      made.onerror = (event) => {
        dispatch({ type: 'failed', message: event.message || 'The checker could not be started.' });
        stop();
      };
      made.postMessage({ type: 'verify', files, roots, kinds } satisfies ArtefactRequest);
    },
    [createWorker, done, stop],
  );

  const cancel = useCallback(() => {
    stop();
    dispatch({ type: 'cancel' });
  }, [stop]);
  return { state, start, cancel };
}
