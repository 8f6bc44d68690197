'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { exportPath } from '../queries/decisions';
import { saveFile } from '../save-file';
import { type ListFormat, openArrivingFile, receiveList } from './receive-list';

export interface ListExportState {
  phase: 'idle' | 'running' | 'done' | 'handed-over' | 'failed' | 'cancelled';
  rows: number;
  message: string;
}

const IDLE: ListExportState = { phase: 'idle', rows: 0, message: '' };
const TELL_EVERY_MS = 100;

/** Takes a list out with progress and a way to stop; where the browser keeps no files, its own download does it. */
export function useListExport(): {
  state: ListExportState;
  start: (query: string, format: ListFormat) => void;
  cancel: () => void;
} {
  const [state, setState] = useState<ListExportState>(IDLE);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);

  const start = useCallback((query: string, format: ListFormat) => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setState({ ...IDLE, phase: 'running' });
    exportList(query, format, controller.signal, (rows) => setState((now) => ({ ...now, rows })))
      .then(
        (end) => setState((now) => ({ ...now, ...end })),
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

async function exportList(
  query: string,
  format: ListFormat,
  signal: AbortSignal,
  tell: (rows: number) => void,
): Promise<Pick<ListExportState, 'phase' | 'rows'>> {
  const name = `decisions.${format}`;
  const file = await openArrivingFile(name);
  if (file === null) {
    const link = document.createElement('a');
    link.href = exportPath(query, format);
    link.download = name;
    link.click();
    return { phase: 'handed-over', rows: 0 };
  }
  try {
    let toldMs = 0;
    const rows = await receiveList(query, format, file, {
      signal,
      progress: (n) => {
        const now = performance.now();
        if (now - toldMs < TELL_EVERY_MS) return;
        toldMs = now;
        tell(n);
      },
    });
    saveFile(await file.finish(), name);
    return { phase: 'done', rows };
  } catch (error) {
    await file.discard();
    throw error;
  }
}
