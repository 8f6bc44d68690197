import type { ChangeState } from './use-change';

/** Why a change did not happen, in one sentence, said to screen readers at once. */
export function ProblemLine({ state }: { state: ChangeState }) {
  return state.kind === 'failed' ? (
    <p className="err" role="alert">
      {state.problem}
    </p>
  ) : null;
}
