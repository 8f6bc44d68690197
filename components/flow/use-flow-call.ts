'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import * as z from 'zod/mini';
import { type AnswerSchema, fetchJson, RequestError } from '@/lib/client/fetch-json';
import { escalationKeys } from '@/lib/client/queries/escalations';

export type FlowCall = {
  problem: string | null;
  isBusy: boolean;
  /** Sends once, then has the review fetched again; the answer, or null when it was refused. */
  send: <Answer>(step: string, body: unknown, schema: AnswerSchema<Answer>) => Promise<Answer | null>;
};

export const ANY_ANSWER = z.unknown();

/** One step beside a review: asking, commenting, narrowing. A second click while one is under way does nothing. */
export function useFlowCall(escalationId: string): FlowCall {
  const client = useQueryClient();
  const running = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  return {
    problem,
    isBusy,
    async send(step, body, schema) {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      setProblem(null);
      try {
        const path = `/api/v1/escalations/${encodeURIComponent(escalationId)}/${step}`;
        return await fetchJson(path, schema, { method: 'POST', body });
      } catch (error) {
        setProblem(error instanceof RequestError ? error.message : 'The console did not answer. Try again.');
        return null;
      } finally {
        running.current = false;
        setBusy(false);
        void client.invalidateQueries({ queryKey: escalationKeys.detail(escalationId) });
      }
    },
  };
}
