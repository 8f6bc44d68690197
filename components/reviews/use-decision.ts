import { useQueryClient } from '@tanstack/react-query';
import { useReducer, useRef } from 'react';
import { RequestError } from '@/lib/client/fetch-json';
import { escalationKeys, sendVerdict } from '@/lib/client/queries/escalations';
import type { DecideRequest, Verdict } from '@/lib/escalations/escalation-view';
import { type DecideState, decideStep } from './decide-model';

export type Decision = {
  state: DecideState;
  choose: (verdict: Verdict) => void;
  review: (request: DecideRequest) => void;
  back: () => void;
  sign: () => void;
};

/** The one act of this page that cannot be undone. However often `sign` is called, one request is on its way. */
export function useDecision(escalationId: string): Decision {
  const client = useQueryClient();
  const [state, dispatch] = useReducer(decideStep, { at: 'idle' });
  const isSending = useRef(false);

  async function sign() {
    const next = decideStep(state, { type: 'signed' });
    if (next.at !== 'sending' || isSending.current) return;
    isSending.current = true;
    dispatch({ type: 'signed' });
    try {
      await sendVerdict(escalationId, next.request);
      dispatch({ type: 'accepted' });
    } catch (error) {
      const told = error instanceof RequestError ? error : new RequestError('', 0);
      dispatch({
        type: 'refused',
        code: told.status === 0 ? 'offline' : (told.code ?? 'internal'),
        detail: told.message,
      });
    } finally {
      isSending.current = false;
      void client.invalidateQueries({ queryKey: escalationKeys.detail(escalationId) });
    }
  }

  return {
    state,
    choose: (verdict) => dispatch({ type: 'chose', verdict }),
    review: (request) => dispatch({ type: 'reviewed', request }),
    back: () => dispatch({ type: 'went-back' }),
    sign: () => void sign(),
  };
}
