'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import * as z from 'zod/mini';
import { fetchJson, RequestError } from '@/lib/client/fetch-json';

export type ChangeState = { kind: 'idle' } | { kind: 'sending' } | { kind: 'failed'; problem: string };

/**
 * One change of the settings: asks the console, then shows the page afresh. A second click while the first is under way
 * does nothing. `onDone` runs after the console has said yes.
 */
export function useChange(onDone: () => void): {
  state: ChangeState;
  send: (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<void>;
} {
  const router = useRouter();
  const [state, setState] = useState<ChangeState>({ kind: 'idle' });
  async function send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<void> {
    if (state.kind === 'sending') return;
    setState({ kind: 'sending' });
    try {
      await fetchJson(path, z.unknown(), { method, body });
      setState({ kind: 'idle' });
      onDone();
      router.refresh();
    } catch (error) {
      const problem =
        error instanceof RequestError ? error.message : 'The console did not answer. Try again.';
      setState({ kind: 'failed', problem });
    }
  }
  return { state, send };
}
