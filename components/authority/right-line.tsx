import type { EscalationDetail } from '@/lib/escalations/escalation-view';

/** By what right the reader would decide, when it is not their own: it will stand in the signed statement. */
export function RightLine({ may }: Pick<EscalationDetail, 'may'>) {
  if (may.onBehalfOf) {
    return (
      <p className="hint">
        You decide with authority lent to you by <b>{may.onBehalfOf.name}</b>. The statement says so, and it
        counts once for both of you.
      </p>
    );
  }
  if (may.breakGlass === undefined) return null;
  return (
    <p className="hint">
      You decide only because <b>break-glass is open</b>. The statement says so, and compliance reviews it
      afterwards.
    </p>
  );
}
