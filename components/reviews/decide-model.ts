import type { DecideRequest, Verdict } from '@/lib/escalations/escalation-view';

/** Where the reviewer stands with the act that cannot be undone. There is no way to `sending` but `confirming`. */
export type DecideState =
  | { at: 'idle' }
  | { at: 'form'; verdict: Verdict }
  | { at: 'confirming'; request: DecideRequest }
  | { at: 'sending'; request: DecideRequest }
  | { at: 'device'; request: DecideRequest; challenge: string }
  | { at: 'done'; verdict: Verdict }
  | { at: 'failed'; request: DecideRequest; code: string; detail: string | undefined };

export type DecideEvent =
  | { type: 'chose'; verdict: Verdict }
  | { type: 'put-away' }
  | { type: 'reviewed'; request: DecideRequest }
  | { type: 'went-back' }
  | { type: 'signed' }
  | { type: 'asked-device'; challenge: string }
  | { type: 'device-signed' }
  | { type: 'accepted' }
  | { type: 'refused'; code: string; detail?: string };

/**
 * The one way through: choose → review what will be signed → an explicit click → the device's signature, where one is asked for → the server's answer. An event that
 * does not fit is ignored, so a second click finds `sending` and does nothing. After a failure the same request may be
 * sent again (the server answers it as if it had come once) or the form opened anew.
 */
export function decideStep(state: DecideState, event: DecideEvent): DecideState {
  switch (event.type) {
    case 'chose':
      return state.at === 'idle' || state.at === 'form' ? { at: 'form', verdict: event.verdict } : state;
    case 'put-away':
      return state.at === 'form' ? { at: 'idle' } : state;
    case 'reviewed':
      return state.at === 'form' && event.request.verdict === state.verdict
        ? { at: 'confirming', request: event.request }
        : state;
    case 'went-back':
      return state.at === 'confirming' || state.at === 'failed'
        ? { at: 'form', verdict: state.request.verdict }
        : state;
    case 'signed':
      return state.at === 'confirming' || state.at === 'failed'
        ? { at: 'sending', request: state.request }
        : state;
    case 'asked-device':
      return state.at === 'sending'
        ? { at: 'device', request: state.request, challenge: event.challenge }
        : state;
    case 'device-signed':
      return state.at === 'device' ? { at: 'sending', request: state.request } : state;
    case 'accepted':
      return state.at === 'sending' ? { at: 'done', verdict: state.request.verdict } : state;
    case 'refused':
      return state.at === 'sending' || state.at === 'device'
        ? { at: 'failed', request: state.request, code: event.code, detail: event.detail }
        : state;
  }
}
