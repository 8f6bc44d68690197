import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import type { DrillView } from '@/lib/escalations/drill-view';

const ANSWERS: Record<DrillView['known'], Record<DrillView['result'], string>> = {
  bad: {
    right: 'It should have been denied, and it was.',
    wrong: 'It should have been denied, and it was approved.',
    unanswered: 'It should have been denied; nobody decided it.',
  },
  good: {
    right: 'Nothing was wrong with it, and it was approved.',
    wrong: 'Nothing was wrong with it, and it was denied.',
    unanswered: 'Nothing was wrong with it; nobody decided it.',
  },
};

/** Told right after the verdict: this was a drill, what would have given it away, and what proves that it was one before. */
export function DrillTold({ drill }: { drill: DrillView }) {
  return (
    <section className="card drill-told" aria-label="Drill">
      <h3>This was a drill</h3>
      <p>
        <b>{ANSWERS[drill.known][drill.result]}</b> <MarkedText text={drill.clue} />
      </p>
      <p className="t2">
        Rare cases are missed by everybody who rarely sees one, so a few known ones are mixed in. A drill
        counts in no figure but its own; yours are shown to you under “Your reviewing”, and nobody is ranked
        by them.{' '}
        <a className="link" href="/docs/reviewers">
          Why drills
        </a>
      </p>
      <details className="whole">
        <summary>What proves it</summary>
        <KeyValues
          rows={[
            {
              label: 'Sealed in the log before it appeared',
              value: <Id value={drill.commitment} copy label="commitment" />,
            },
            { label: 'Salt that opens the seal', value: <Id value={drill.salt} copy label="salt" /> },
            { label: 'Made of', value: <Id value={drill.model} copy label="escalation id" /> },
            ...(drill.token === null
              ? []
              : [
                  {
                    label: 'Its token, refused everywhere',
                    value: <Id value={drill.token} copy label="drill token" />,
                  },
                ]),
          ]}
        />
      </details>
    </section>
  );
}
