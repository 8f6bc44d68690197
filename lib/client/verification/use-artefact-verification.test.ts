import { expect, test } from 'vitest';
import type { ArtefactReport, ReportSection } from '@/lib/evidence/artefact/artefact-report';
import { stepArtefacts } from './use-artefact-verification';

type State = Parameters<typeof stepArtefacts>[0];
type Step = Parameters<typeof stepArtefacts>[1];

const BEGUN: State = { phase: 'idle', files: [], message: null };
const play = (...steps: Step[]) => steps.reduce(stepArtefacts, BEGUN);
const file = (index: number, name: string) =>
  ({ type: 'file', index, name, size: 1, kind: 'package' }) as const;
const check = (index: number, id: string) =>
  ({
    type: 'check',
    index,
    check: { id, title: id, verdict: 'valid', compared: 'a with b', tookMs: 1 },
  }) as const;
const section = (id: string): ReportSection => ({ id, title: id, checks: [], verdict: 'valid' });

test('lines and sections go to their own file, in the order in which they were told', () => {
  const state = play(
    { type: 'start' },
    {
      type: 'events',
      events: [
        file(3, 'a'),
        check(3, 'one'),
        { type: 'section', index: 3, section: section('dec_1') },
        file(0, 'b'),
        check(0, 'two'),
        { type: 'section', index: 3, section: section('dec_2') },
      ],
    },
    { type: 'events', events: [{ type: 'section', index: 3, section: section('dec_3') }] },
  );
  const [a, b] = state.files;
  expect(a?.checks.map(({ id }) => id)).toEqual(['one']);
  expect(a?.sections.map(({ id }) => id)).toEqual(['dec_1', 'dec_2', 'dec_3']);
  expect(b?.checks.map(({ id }) => id)).toEqual(['two']);
  expect(b?.sections).toEqual([]);
});

test('a report that was told without its sections keeps those that came before', () => {
  const report = { checks: [], sections: [], verdict: 'valid' } as unknown as ArtefactReport;
  const state = play(
    { type: 'start' },
    { type: 'events', events: [file(0, 'a'), { type: 'section', index: 0, section: section('dec_1') }] },
    { type: 'events', events: [{ type: 'report', index: 0, report }] },
    { type: 'done' },
  );
  expect(state.phase).toBe('done');
  expect(state.files[0]?.sections.map(({ id }) => id)).toEqual(['dec_1']);
  expect(state.files[0]?.report).toBe(report);
});

test('a cancelled run keeps what was checked and claims no report', () => {
  const state = play(
    { type: 'start' },
    { type: 'events', events: [file(0, 'a'), check(0, 'one')] },
    { type: 'cancel' },
  );
  expect(state.phase).toBe('cancelled');
  expect(state.files[0]?.checks).toHaveLength(1);
  expect(state.files[0]?.report).toBeNull();
  expect(stepArtefacts({ ...state, phase: 'done' }, { type: 'cancel' }).phase).toBe('done');
});

test('a new start forgets the files before', () => {
  const state = play({ type: 'start' }, { type: 'events', events: [file(0, 'a')] }, { type: 'start' });
  expect(state.files).toEqual([]);
});
