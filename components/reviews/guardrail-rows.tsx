import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Subhead } from '@/components/ui/subhead';
import { Word } from '@/components/ui/word';
import type { Evidence } from '@/lib/escalations/escalation-view';

type Guardrail = Evidence['guardrails'][number];

/** What each guardrail said of this very request. No answer is not a pass. */
export function GuardrailRows({ guardrails }: { guardrails: readonly Guardrail[] }) {
  return (
    <div className="card">
      <Subhead
        title="Guardrails on this request"
        note={guardrails.length === 0 ? undefined : 'the tick marks the threshold'}
      />
      {guardrails.length === 0 ? (
        <p className="lab">No guardrail result was attached. That is not a pass.</p>
      ) : (
        <DataTable
          caption="Guardrails on this request"
          rows={guardrails}
          rowKey={(row) => `${row.name}/${row.version}/${guardrails.indexOf(row)}`}
          columns={[
            {
              key: 'check',
              head: 'Check',
              cell: (row) => (
                <>
                  <MarkedText text={row.name} />{' '}
                  <span className="dim">
                    <MarkedText text={row.version} />
                  </span>
                </>
              ),
            },
            {
              key: 'result',
              head: 'Result',
              cell: (row) => <Word tone={row.verdict === 'pass' ? 'pass' : 'fail'}>{row.verdict}</Word>,
            },
            { key: 'score', head: 'Score', cell: (row) => <Score row={row} /> },
            {
              key: 'note',
              head: 'Meaning',
              cell: (row) => <span className="t2">{meaningOf(row)}</span>,
            },
          ]}
        />
      )}
    </div>
  );
}

function Score({ row }: { row: Guardrail }) {
  const score = share(row.score);
  if (row.score === undefined) return <span className="dim">no score</span>;
  const threshold = share(row.threshold);
  return (
    <span className="num nw">
      {score !== null && (
        <span className="score" aria-hidden="true">
          <i style={{ width: `${score * 100}%` }} />
          {threshold !== null && <b style={{ left: `${threshold * 100}%` }} />}
        </span>
      )}
      {row.score}
    </span>
  );
}

function share(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && value >= 0 && value <= 1 ? value : null;
}

function meaningOf(row: Guardrail): string {
  if (row.verdict === 'error') return 'no answer; not counted as a pass';
  return row.threshold === undefined ? '' : `threshold ${row.threshold}`;
}
