import type { ChangeState } from './use-change';

/** A dialog may be longer than the screen, and whoever sent it is at its other end. */
function reveal(line: HTMLElement | null): void {
  line?.scrollIntoView({ block: 'nearest' });
}

/** Why a change did not happen, in one sentence, said to screen readers at once and brought into view. */
export function ProblemLine({ state }: { state: ChangeState }) {
  return state.kind === 'failed' ? (
    <p className="err problem-line" role="alert" ref={reveal}>
      {state.problem}
    </p>
  ) : null;
}
