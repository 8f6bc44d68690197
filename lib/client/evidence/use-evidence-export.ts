'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import { saveFile } from '../save-file';
import type { ReceivedPackage } from './receive-package';

export type SavedPackage = Omit<ReceivedPackage, 'blob'> & { size: number };

export interface ExportState {
  phase: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Bytes of the package that is arriving. */
  bytes: number;
  /** Packages that were saved: a large search becomes several. */
  saved: readonly SavedPackage[];
  message: string;
}

const IDLE: ExportState = { phase: 'idle', bytes: 0, saved: [], message: '' };
/** Drawing more often than this only costs. */
const TELL_EVERY_BYTES = 65_536;

/** Exports and saves: one package after the other until the search is through. */
export function useEvidenceExport(): {
  state: ExportState;
  start: (request: ExportRequest) => void;
  cancel: () => void;
} {
  const [state, setState] = useState<ExportState>(IDLE);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);

  const start = useCallback((request: ExportRequest) => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setState({ ...IDLE, phase: 'running' });
    exportAll(request, controller.signal, setState)
      .then(
        () => setState((now) => ({ ...now, phase: 'done' })),
        (error: unknown) =>
          setState((now) =>
            controller.signal.aborted
              ? { ...now, phase: 'cancelled' }
              : { ...now, phase: 'failed', message: error instanceof Error ? error.message : 'unknown' },
          ),
      )
      .finally(() => {
        running.current = null;
      });
  }, []);
  return { state, start, cancel };
}

async function exportAll(
  request: ExportRequest,
  signal: AbortSignal,
  setState: (change: (now: ExportState) => ExportState) => void,
): Promise<void> {
  const { receivePackage } = await import('./receive-package');
  let asked = request;
  for (;;) {
    let told = 0;
    const { blob, ...received } = await receivePackage(asked, {
      signal,
      progress: (bytes) => {
        if (bytes - told < TELL_EVERY_BYTES) return;
        told = bytes;
        setState((now) => ({ ...now, bytes }));
      },
    });
    saveFile(blob, received.name);
    setState((now) => ({ ...now, bytes: 0, saved: [...now.saved, { ...received, size: blob.size }] }));
    const { scope } = asked;
    if (received.more === null || scope.kind !== 'search') return;
    asked = { ...asked, scope: { ...scope, cursor: received.more } };
  }
}
