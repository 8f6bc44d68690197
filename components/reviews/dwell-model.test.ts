import { describe, expect, it } from 'vitest';
import { advanceDwell, type Beat, type DwellEvent, isAttentive, startDwell } from './dwell-model';

const seen = { visible: true, focused: true };

/** Runs `[atMs, event]` rows from 0 and returns the beats with their times. */
function run(rows: [number, DwellEvent][]): { atMs: number; beat: Beat }[] {
  let state = startDwell(0, seen);
  const beats: { atMs: number; beat: Beat }[] = [];
  for (const [atMs, event] of rows) {
    const next = advanceDwell(state, event, atMs);
    state = next.state;
    if (next.beat !== null) beats.push({ atMs, beat: next.beat });
  }
  return beats;
}

const tick: DwellEvent = { type: 'tick' };
const input: DwellEvent = { type: 'input' };
const show = (section: 'action' | 'why'): DwellEvent => ({ type: 'on-screen', section, onScreen: true });
const hide = (section: 'action' | 'why'): DwellEvent => ({ type: 'on-screen', section, onScreen: false });
const end = (section: 'action' | 'why'): DwellEvent => ({ type: 'end-reached', section });

describe('advanceDwell', () => {
  it('beats every five seconds and no sooner', () => {
    const beats = run([1000, 2000, 4999, 5000, 6000, 9999, 10_000].map((atMs) => [atMs, tick]));
    expect(beats.map(({ atMs }) => atMs)).toEqual([5000, 10_000]);
  });

  it('names a section that stood on screen for half of the stretch and whose end was reached', () => {
    const beats = run([
      [0, show('action')],
      [10, end('action')],
      [2600, hide('action')],
      [5000, tick],
    ]);
    expect(beats[0]?.beat.sections).toEqual(['action']);
  });

  it.each<[string, [number, DwellEvent][]]>([
    [
      'scrolled past',
      [
        [0, show('action')],
        [10, end('action')],
        [900, hide('action')],
      ],
    ],
    ['end never on screen', [[0, show('action')]]],
    [
      'end reached but off screen',
      [
        [0, show('action')],
        [5, end('action')],
        [6, hide('action')],
      ],
    ],
  ])('does not name a section %s', (_, rows) => {
    expect(run([...rows, [5000, tick]])[0]?.beat.sections).toEqual([]);
  });

  it('closes the stretch when the page is hidden, so that no beat mixes looking and not looking; being back is not yet looking', () => {
    const beats = run([
      [0, show('why')],
      [0, end('why')],
      [3000, { type: 'visible', visible: false }],
      [63_000, { type: 'visible', visible: true }],
      [68_000, tick],
    ]);
    expect(beats).toEqual([
      { atMs: 3000, beat: { visible: true, focused: true, idle: false, sections: ['why'] } },
      { atMs: 63_000, beat: { visible: false, focused: true, idle: true, sections: [] } },
    ]);
  });

  it('says once that nobody looks and then is silent, so that a claim lapses', () => {
    const beats = run([
      [1000, { type: 'focused', focused: false }],
      ...[6000, 11_000, 16_000, 21_000].map((atMs): [number, DwellEvent] => [atMs, tick]),
    ]);
    expect(beats.map(({ atMs, beat }) => [atMs, beat.focused])).toEqual([
      [1000, true],
      [6000, false],
    ]);
  });

  it('counts a whole stretch as idle when it ends thirty seconds after the last input', () => {
    const rows = [5, 10, 15, 20, 25, 30, 35].map((s): [number, DwellEvent] => [s * 1000, tick]);
    const beats = run([[0, show('action')], [0, end('action')], ...rows]);
    expect(beats.map(({ beat }) => [beat.idle, beat.sections.length])).toEqual([
      [false, 1],
      [false, 1],
      [false, 1],
      [false, 1],
      [false, 1],
      [true, 0],
    ]);
  });

  it('input after idling closes the idle stretch before a new one starts', () => {
    const beats = run([
      [0, show('action')],
      [0, end('action')],
      [5000, tick],
      [100_000, input],
      [105_000, tick],
    ]);
    expect(beats.map(({ beat }) => [beat.idle, beat.sections.length])).toEqual([
      [false, 1],
      [true, 0],
      [false, 1],
    ]);
  });

  it('ignores a flicker of focus too short to be a stretch of its own', () => {
    const beats = run([
      [5000, tick],
      [5100, { type: 'focused', focused: false }],
      [5150, { type: 'focused', focused: true }],
      [10_000, tick],
    ]);
    expect(beats.map(({ atMs, beat }) => [atMs, beat.focused])).toEqual([
      [5000, true],
      [10_000, true],
    ]);
  });
});

describe('isAttentive', () => {
  it('needs sight, focus and a recent hand', () => {
    const state = startDwell(0, seen);
    expect(isAttentive(state, 29_999)).toBe(true);
    expect(isAttentive(state, 30_000)).toBe(false);
    expect(isAttentive({ ...state, visible: false }, 0)).toBe(false);
    expect(isAttentive({ ...state, focused: false }, 0)).toBe(false);
  });
});
