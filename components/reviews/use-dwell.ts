import { type RefObject, useCallback, useEffect, useEffectEvent, useRef } from 'react';
import { EVIDENCE_SECTIONS } from '@/lib/escalations/escalation-lists';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';
import {
  advanceDwell,
  type Beat,
  type DwellEvent,
  type DwellState,
  isAttentive,
  startDwell,
} from './dwell-model';

/** A section counts as on screen when half of it is, or when it fills this share of the window. */
const FILLS_SHARE = 0.4;
const INPUTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove', 'scroll'] as const;

/**
 * Watches one reader of one page while `isOn`: sight, focus, hands, and which `[data-section]` inside `root` are on
 * screen (their `[data-section-end]` must have been seen once). Hands each beat to `onBeat`. The answer tells whether
 * the reader is attentive at this moment, for display only: what counts is measured by the server.
 */
export function useDwell(
  root: RefObject<HTMLElement | null>,
  isOn: boolean,
  onBeat: (beat: Beat) => void,
): () => boolean {
  const state = useRef<DwellState | null>(null);
  const beat = useEffectEvent(onBeat);

  useEffect(() => {
    const container = root.current;
    if (!isOn || container === null) return;
    state.current = startDwell(Date.now(), {
      visible: document.visibilityState === 'visible',
      focused: document.hasFocus(),
    });
    const advance = (event: DwellEvent) => {
      if (state.current === null) return;
      const next = advanceDwell(state.current, event, Date.now());
      state.current = next.state;
      if (next.beat !== null) beat(next.beat);
    };
    const onInput = () => advance({ type: 'input' });
    const onVisible = () => advance({ type: 'visible', visible: document.visibilityState === 'visible' });
    const onFocus = () => advance({ type: 'focused', focused: true });
    const onBlur = () => advance({ type: 'focused', focused: document.hasFocus() });
    const stopWatching = watchSections(container, advance);
    const timer = setInterval(() => advance({ type: 'tick' }), 500);
    const options = { capture: true, passive: true };
    for (const type of INPUTS) window.addEventListener(type, onInput, options);
    document.addEventListener('visibilitychange', onVisible);
    window.addEventListener('focus', onFocus);
    window.addEventListener('blur', onBlur);
    return () => {
      stopWatching();
      clearInterval(timer);
      for (const type of INPUTS) window.removeEventListener(type, onInput, options);
      document.removeEventListener('visibilitychange', onVisible);
      window.removeEventListener('focus', onFocus);
      window.removeEventListener('blur', onBlur);
      state.current = null;
    };
  }, [root, isOn]);

  return useCallback(() => state.current !== null && isAttentive(state.current, Date.now()), []);
}

function watchSections(container: HTMLElement, advance: (event: DwellEvent) => void): () => void {
  const onScreen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
        const section = sectionOf(target, 'section');
        const isSeen =
          isIntersecting &&
          (intersectionRatio >= 0.5 || intersectionRect.height >= window.innerHeight * FILLS_SHARE);
        if (section !== null) advance({ type: 'on-screen', section, onScreen: isSeen });
      }
    },
    { threshold: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1] },
  );
  const ends = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const section = sectionOf(target, 'sectionEnd');
      if (section !== null && isIntersecting) advance({ type: 'end-reached', section });
    }
  });
  for (const element of container.querySelectorAll('[data-section]')) onScreen.observe(element);
  for (const element of container.querySelectorAll('[data-section-end]')) ends.observe(element);
  return () => {
    onScreen.disconnect();
    ends.disconnect();
  };
}

function sectionOf(element: Element, key: 'section' | 'sectionEnd'): EvidenceSection | null {
  const name = element instanceof HTMLElement ? element.dataset[key] : undefined;
  return EVIDENCE_SECTIONS.find((section) => section === name) ?? null;
}
