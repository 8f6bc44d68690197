import { BEAT_MS } from '@/lib/escalations/dwell';
import { EVIDENCE_SECTIONS } from '@/lib/escalations/escalation-lists';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';

/** One heartbeat: what was true of the whole stretch of time since the one before. */
export type Beat = { visible: boolean; focused: boolean; idle: boolean; sections: EvidenceSection[] };

export type DwellEvent =
  | { type: 'tick' }
  | { type: 'input' }
  | { type: 'visible'; visible: boolean }
  | { type: 'focused'; focused: boolean }
  | { type: 'on-screen'; section: EvidenceSection; onScreen: boolean }
  | { type: 'end-reached'; section: EvidenceSection };

type Reading = {
  /** Since when it has been on screen and watched, or null. */
  sinceMs: number | null;
  /** On screen and watched within this stretch, up to `sinceMs`. */
  readMs: number;
  isOnScreen: boolean;
  /** A section whose end was never on screen has not been read. */
  isEndReached: boolean;
};

/** What this page knows of its reader. A stretch is the time since the last beat; nothing changes within one. */
export type DwellState = {
  visible: boolean;
  focused: boolean;
  lastInputMs: number;
  stretchFromMs: number;
  /** A beat has told the server that nobody looks; until somebody does, silence lets the claim lapse. */
  isSilent: boolean;
  readings: Record<EvidenceSection, Reading>;
};

/** Without input for this long a reader counts as away (formats.md §9). */
export const IDLE_AFTER_MS = 30_000;
const NOISE_MS = 250;

/** The model at the moment the full evidence has been drawn. */
export function startDwell(nowMs: number, seen: { visible: boolean; focused: boolean }): DwellState {
  const reading: Reading = { sinceMs: null, readMs: 0, isOnScreen: false, isEndReached: false };
  return {
    ...seen,
    lastInputMs: nowMs,
    stretchFromMs: nowMs,
    isSilent: false,
    readings: {
      action: { ...reading },
      why: { ...reading },
      seen: { ...reading },
      history: { ...reading },
    },
  };
}

/** True while the page is in front, has the focus, and its reader touched something within 30 s. */
export function isAttentive(state: DwellState, nowMs: number): boolean {
  return state.visible && state.focused && nowMs - state.lastInputMs < IDLE_AFTER_MS;
}

/**
 * Moves the model on and says which beat to send, if any: every 5 s while somebody looks, and at each change between
 * looking and not looking, so that a beat never mixes the two. A section is in a beat when it was on screen for at
 * least half of the stretch and its end has been on screen once. Every doubt lowers the numbers.
 */
export function advanceDwell(
  state: DwellState,
  event: DwellEvent,
  nowMs: number,
): { state: DwellState; beat: Beat | null } {
  switch (event.type) {
    case 'tick':
      return nowMs - state.stretchFromMs >= BEAT_MS ? closeStretch(state, nowMs) : { state, beat: null };
    case 'input': {
      const wasAway = nowMs - state.lastInputMs >= IDLE_AFTER_MS;
      const closed = wasAway ? closeStretch(state, nowMs) : { state, beat: null };
      return { ...closed, state: resume({ ...closed.state, lastInputMs: nowMs }, nowMs) };
    }
    case 'visible':
      return state.visible === event.visible
        ? { state, beat: null }
        : change(state, { visible: event.visible }, nowMs);
    case 'focused':
      return state.focused === event.focused
        ? { state, beat: null }
        : change(state, { focused: event.focused }, nowMs);
    case 'on-screen':
      return {
        state: withReading(state, event.section, (reading) => ({
          ...settle(reading, nowMs),
          isOnScreen: event.onScreen,
          sinceMs: event.onScreen && isAttentive(state, nowMs) ? nowMs : null,
        })),
        beat: null,
      };
    case 'end-reached':
      return {
        state: withReading(state, event.section, (reading) => ({ ...reading, isEndReached: true })),
        beat: null,
      };
  }
}

function change(
  state: DwellState,
  to: Partial<Pick<DwellState, 'visible' | 'focused'>>,
  nowMs: number,
): { state: DwellState; beat: Beat | null } {
  const closed =
    nowMs - state.stretchFromMs < NOISE_MS ? { state, beat: null } : closeStretch(state, nowMs, true);
  return { ...closed, state: resume({ ...closed.state, ...to }, nowMs) };
}

function closeStretch(
  state: DwellState,
  nowMs: number,
  isChange = false,
): { state: DwellState; beat: Beat | null } {
  const stretchMs = nowMs - state.stretchFromMs;
  const idle = nowMs - state.lastInputMs >= IDLE_AFTER_MS;
  const isWatched = state.visible && state.focused && !idle;
  const sections: EvidenceSection[] = [];
  const readings = { ...state.readings };
  for (const section of EVIDENCE_SECTIONS) {
    const reading = settle(state.readings[section], nowMs);
    if (isWatched && reading.isEndReached && reading.readMs * 2 >= stretchMs) sections.push(section);
    readings[section] = { ...reading, readMs: 0, sinceMs: isWatched && reading.isOnScreen ? nowMs : null };
  }
  const isRepeat = state.isSilent && !isChange && !isWatched;
  return {
    state: { ...state, readings, stretchFromMs: nowMs, isSilent: !isWatched },
    beat: isRepeat ? null : { visible: state.visible, focused: state.focused, idle, sections },
  };
}

/** Starts the clocks of what is on screen when somebody looks, stops them when nobody does. */
function resume(state: DwellState, nowMs: number): DwellState {
  const isWatched = isAttentive(state, nowMs);
  const readings = { ...state.readings };
  for (const section of EVIDENCE_SECTIONS) {
    const reading = readings[section];
    readings[section] = isWatched
      ? { ...reading, sinceMs: reading.isOnScreen ? (reading.sinceMs ?? nowMs) : null }
      : { ...settle(reading, nowMs), sinceMs: null };
  }
  return { ...state, readings };
}

function settle(reading: Reading, nowMs: number): Reading {
  if (reading.sinceMs === null) return reading;
  return { ...reading, readMs: reading.readMs + (nowMs - reading.sinceMs), sinceMs: nowMs };
}

function withReading(
  state: DwellState,
  section: EvidenceSection,
  change: (reading: Reading) => Reading,
): DwellState {
  return { ...state, readings: { ...state.readings, [section]: change(state.readings[section]) } };
}
