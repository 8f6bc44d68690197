/** Why a step did not happen, said at once. */
export function FlowProblem({ problem }: { problem: string | null }) {
  return problem === null ? null : (
    <p className="err" role="alert">
      {problem}
    </p>
  );
}
