import { useQueryClient } from '@tanstack/react-query';
import { useReducer, useRef } from 'react';
import { RequestError } from '@/lib/client/fetch-json';
import { DeviceError, signOnDevice } from '@/lib/client/passkeys/ask-device';
import { escalationKeys, prepareVerdict, sendVerdict } from '@/lib/client/queries/escalations';
import type { DecideRequest, Verdict } from '@/lib/escalations/escalation-view';
import { type DecideState, decideStep } from './decide-model';

export type Decision = {
  state: DecideState;
  choose: (verdict: Verdict) => void;
  review: (request: DecideRequest) => void;
  back: () => void;
  /** With the reviewer's passkey, or by their session alone. */
  sign: (byPasskey: boolean) => void;
};

/** The one act of this page that cannot be undone. However often `sign` is called, one request is on its way. */
export function useDecision(escalationId: string): Decision {
  const client = useQueryClient();
  const [state, dispatch] = useReducer(decideStep, { at: 'idle' });
  const isSending = useRef(false);
  const signed = useRef<DecideRequest | null>(null);

  /** The statement as the server fixed it, checked here, then signed by the person's device. */
  async function signByDevice(request: DecideRequest): Promise<DecideRequest> {
    const prepared = await prepareVerdict(escalationId, request);
    const { checkPrepared } = await import('./check-prepared');
    const challenge = checkPrepared(prepared, request);
    if (challenge === null) throw new DeviceError('device_failed');
    dispatch({ type: 'asked-device', challenge });
    const passkey = await signOnDevice(prepared.options);
    dispatch({ type: 'device-signed' });
    return { ...request, passkey };
  }

  async function sign(byPasskey: boolean) {
    const next = decideStep(state, { type: 'signed' });
    if (next.at !== 'sending' || isSending.current) return;
    isSending.current = true;
    dispatch({ type: 'signed' });
    try {
      // No answer came to what was signed already: the very same is sent again, and counts once.
      const known = isRepeat(state) ? signed.current : null;
      signed.current = known ?? (byPasskey ? await signByDevice(next.request) : next.request);
      await sendVerdict(escalationId, signed.current);
      dispatch({ type: 'accepted' });
    } catch (error) {
      dispatch({ type: 'refused', ...refusalOf(error) });
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
    sign: (byPasskey) => void sign(byPasskey),
  };
}

function isRepeat(state: DecideState): boolean {
  return state.at === 'failed' && state.code === 'offline';
}

function refusalOf(error: unknown): { code: string; detail: string } {
  if (error instanceof DeviceError) return { code: error.code, detail: '' };
  const told = error instanceof RequestError ? error : new RequestError('', 0);
  return { code: told.status === 0 ? 'offline' : (told.code ?? 'internal'), detail: told.message };
}
