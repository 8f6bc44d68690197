'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type AnswerSchema, fetchJson, RequestError } from './fetch-json';

/**
 * One question or change that a page sends. Whatever comes of it, what the page shows is read again; a second click while the
 * first is under way does nothing. `send` answers null when it failed, and `problem` says why.
 */
export function useRequest(): {
  busy: boolean;
  problem: string | null;
  send: <Answer>(
    path: string,
    schema: AnswerSchema<Answer>,
    options?: { method?: 'POST' | 'PUT'; body?: unknown },
  ) => Promise<Answer | null>;
} {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function send<Answer>(
    path: string,
    schema: AnswerSchema<Answer>,
    { method = 'POST', body }: { method?: 'POST' | 'PUT'; body?: unknown } = {},
  ): Promise<Answer | null> {
    if (busy) return null;
    setBusy(true);
    setProblem(null);
    try {
      return await fetchJson(path, schema, { method, body });
    } catch (error) {
      setProblem(error instanceof RequestError ? error.message : 'The console did not answer. Try again.');
      return null;
    } finally {
      setBusy(false);
      void client.invalidateQueries();
    }
  }
  return { busy, problem, send };
}
