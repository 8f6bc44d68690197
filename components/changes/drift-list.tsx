import { Finding, Findings } from '@/components/ui/finding';
import { MarkedText } from '@/components/ui/marked-text';
import type { ChangeComparison, DriftFinding } from '@/lib/analytics/change-comparison';
import { DRIFT_P } from '@/lib/analytics/find-drift';

const TESTS: Record<DriftFinding['test'], string> = {
  'chi-squared': 'Pearson’s chi-squared',
  'kolmogorov-smirnov': 'Kolmogorov–Smirnov, two samples',
  'mann-whitney': 'Mann–Whitney',
};

function formatP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toPrecision(2)}`;
}

function evidence({ test, n, statistic, p }: DriftFinding): string {
  const [before, after] = n.map((each) => each.toLocaleString('en'));
  return `${TESTS[test]}: ${statistic.toFixed(statistic < 1 ? 3 : 1)}, ${formatP(p)}, n = ${before} before and ${after} after.`;
}

function Sentence({ measure }: { measure: string }) {
  if (measure === 'outcomes')
    return (
      <>
        <b>Outcomes drifted</b>: their mix differs by more than chance explains.
      </>
    );
  if (measure === 'dwell')
    return (
      <>
        <b>Dwell drifted</b>: reviewers look longer or shorter than before.
      </>
    );
  return (
    <>
      <b>
        Scores of <MarkedText text={measure.slice('scores:'.length)} /> drifted
      </b>
      : they are distributed differently.
    </>
  );
}

/** What the two windows can be told apart by, with the test and how many it rests on; and what was tested without a finding. */
export function DriftList({ view }: { view: ChangeComparison }) {
  const drifted = view.drift.filter((finding) => finding.drifted);
  const held = view.drift.filter((finding) => !finding.drifted);
  return (
    <section className="panel cdrift" aria-label="Drift">
      {view.drift.length === 0 ? (
        <p className="t2">
          Too few on one side for any test: nothing is said of drift. Twenty verdicts or scores, or five
          decisions of a kind, are the least.
        </p>
      ) : (
        <>
          {drifted.length === 0 ? (
            <p className="t2">
              <b>No drift.</b> Nothing that was tested differs by more than chance explains.
            </p>
          ) : (
            <Findings label="Drift">
              {drifted.map((finding) => (
                <Finding key={finding.measure} evidence={evidence(finding)}>
                  <Sentence measure={finding.measure} />
                </Finding>
              ))}
            </Findings>
          )}
          <p className="lab">
            {held.length > 0 && (
              <>
                Also tested, without a finding:{' '}
                {held.map(({ measure, p }) => `${measure.replace('scores:', '')} (${formatP(p)})`).join(', ')}
                .{' '}
              </>
            )}
            {view.drift.length} {view.drift.length === 1 ? 'test' : 'tests'}, each p adjusted for all of them
            (Holm); flagged below {DRIFT_P}. What came after a change need not come from it.
          </p>
        </>
      )}
    </section>
  );
}
