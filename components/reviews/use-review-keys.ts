import { type RefObject, useEffect, useEffectEvent, useMemo } from 'react';
import { useShortcuts } from '@/lib/client/shortcuts';
import { EVIDENCE_SECTIONS } from '@/lib/escalations/escalation-lists';
import type { Verdict } from '@/lib/escalations/escalation-view';
import type { Decision } from './use-decision';
import type { ReviewLoad } from './use-review';

/** Scrolls to a part of the review and moves the focus there, without a jump for those who asked for less motion. */
export function goTo(root: RefObject<HTMLElement | null>, id: string, focus: string | null = null): void {
  const part = root.current?.querySelector<HTMLElement>(`#${id}`);
  if (!part) return;
  const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  part.scrollIntoView({ behavior: isStill ? 'auto' : 'smooth', block: 'start' });
  const target = focus === null ? part : part.querySelector<HTMLElement>(focus);
  if (target === null) return;
  if (focus === null) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Presses one of the buttons beside the decision, where it is offered. */
function press(root: RefObject<HTMLElement | null>, step: 'ask' | 'narrow' | 'raise' | 'defer'): void {
  root.current?.querySelector<HTMLButtonElement>(`[data-flow="${step}"]`)?.click();
}

/** Chooses a verdict: takes the claim if nobody has it, and brings the form under the hands. No key approves. */
export function useChoose(
  root: RefObject<HTMLElement | null>,
  load: ReviewLoad,
  decision: Decision,
): (verdict: Verdict) => void {
  return (verdict) => {
    if (load.status !== 'ready') return;
    const { shown, claim } = load.review;
    if (shown.row.state === 'pending' && shown.may.decide && shown.ownVerdict === null) {
      if (shown.row.lease === null) claim();
      decision.choose(verdict);
    }
    // The form's fields are enabled by the choice; they can take the focus after it has been drawn.
    requestAnimationFrame(() => goTo(root, 'decide', '[data-decide-focus]'));
  };
}

/** When the form is gone because the verdict is in, focus goes to what came of it instead of nowhere. */
export function useFocusResult(root: RefObject<HTMLElement | null>, decision: Decision): void {
  const isDone = decision.state.at === 'done';
  useEffect(() => {
    if (isDone) goTo(root, 'decide');
  }, [root, isDone]);
}

/** The keys of a review, wherever it is drawn: sections, verdict form, claim. */
export function useReviewKeys(
  root: RefObject<HTMLElement | null>,
  load: ReviewLoad,
  choose: (verdict: Verdict) => void,
): void {
  const pick = useEffectEvent(choose);
  const lease = useEffectEvent(() => {
    if (load.status !== 'ready') return;
    const { shown, claim, release } = load.review;
    if (shown.row.state !== 'pending' || !shown.may.decide || shown.ownVerdict !== null) return;
    if (shown.row.lease === null) claim();
    else if (shown.row.lease.mine) release();
  });
  const shortcuts = useMemo(
    () => [
      ...[...EVIDENCE_SECTIONS, 'decide'].map((section, at) => ({
        keys: String(at + 1),
        what: ['What will happen', 'Why you are asked', 'Seen and said', 'History', 'Decide'][at] ?? section,
        run: () => goTo(root, section),
      })),
      { keys: 'a', what: 'Open the form to approve', run: () => pick('approve') },
      { keys: 'd', what: 'Open the form to deny', run: () => pick('deny') },
      { keys: 'c', what: 'Claim, or put back', run: () => lease() },
      { keys: 'q', what: 'Ask for information', run: () => press(root, 'ask') },
      { keys: 'e', what: 'Narrow into a new request', run: () => press(root, 'narrow') },
      { keys: 'h', what: 'Hand to higher authority', run: () => press(root, 'raise') },
      { keys: 'z', what: 'Put aside, or take up again', run: () => press(root, 'defer') },
    ],
    [root],
  );
  useShortcuts('Review', shortcuts);
}
