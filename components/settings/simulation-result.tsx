import Link from 'next/link';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import type { SimulationReport } from '@/lib/policy/simulation-report';

type Moved = SimulationReport['moved'][number];

const VERBS: Record<OutcomeVerdict, string> = {
  allow: 'allowed',
  refuse: 'refused',
  escalate: 'escalated',
  defer: 'deferred',
};
const REASONS: Record<string, string> = {
  not_by_policy: 'a framework decided them, not the policy',
  amount_unrecorded: 'their records hold no amount',
  currency_unrecorded: 'their records hold no currency',
  runtime_unrecorded: 'their records do not say where the agent ran',
  fact_unrecorded: 'this rule reads what records do not hold:',
};

const figure = (n: number) => n.toLocaleString('en');

/** "41 more of 1,204 would have been escalated, 3 fewer refused". */
export function simulationSentence({
  moved,
  evaluated,
}: Pick<SimulationReport, 'moved' | 'evaluated'>): string {
  const net = (['escalate', 'refuse', 'defer', 'allow'] as const).flatMap((verdict) => {
    const more = moved.reduce((sum, each) => sum + (each.to === verdict ? each.n : 0), 0);
    const fewer = moved.reduce((sum, each) => sum + (each.from === verdict ? each.n : 0), 0);
    const change = more - fewer;
    return change === 0
      ? []
      : [`${figure(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} ${VERBS[verdict]}`];
  });
  const [first, ...rest] = net;
  if (first === undefined)
    return moved.length === 0
      ? `Each of ${figure(evaluated)} decisions would have ended as it did.`
      : `Of ${figure(evaluated)} decisions as many would have ended each way, but not the same ones.`;
  return `Of ${figure(evaluated)} decisions this policy would have had ${[first, ...rest].join(', ')}.`;
}

/** What a policy would have done with past decisions, against what was recorded; and what nobody can say, with why. */
export function SimulationResult({ report }: { report: SimulationReport }) {
  const { notEvaluated, check, decisions } = report;
  const missing = notEvaluated.reduce((sum, { n }) => sum + n, 0);
  return (
    <div className="simres">
      <p>
        <b>{simulationSentence(report)}</b>{' '}
        <span className="dim num">
          <Time at={report.from} precision="date" /> to <Time at={report.to} precision="date" />, n ={' '}
          {figure(decisions)}
        </span>
      </p>
      {report.moved.length > 0 && (
        <DataTable
          caption="Decisions that would have ended otherwise"
          tight
          rows={report.moved}
          rowKey={({ from, to }) => `${from} ${to}`}
          columns={[
            {
              key: 'way',
              head: 'Recorded, then simulated',
              cell: ({ from, to }) => (
                <span className="simway">
                  <Word tone={from}>{VERBS[from]}</Word> to <Word tone={to}>{VERBS[to]}</Word>
                </span>
              ),
            },
            { key: 'n', head: 'n', figures: true, cell: ({ n }) => figure(n) },
            { key: 'rules', head: 'By rule', cell: (moved) => <Rules moved={moved} /> },
            { key: 'people', head: 'What people had done', cell: (moved) => <People moved={moved} /> },
            { key: 'examples', head: 'The first of them', cell: (moved) => <Examples moved={moved} /> },
          ]}
        />
      )}
      {missing > 0 && (
        <div>
          <p>
            <b>{figure(missing)} could not be evaluated.</b> Nothing is guessed about them:
          </p>
          <ul className="simgaps">
            {notEvaluated.map(({ reason, rule, n }) => (
              <li key={`${reason} ${rule}`}>
                <span className="num">{figure(n)}</span>: {REASONS[reason] ?? reason}
                {rule !== null && (
                  <>
                    {' '}
                    <MarkedText text={rule} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="lab">
        {check.asked === 0
          ? 'None of them was decided by a policy that this console holds, so the replay could not be checked against the record.'
          : `Checked: under the policy of then, the same replay ends ${figure(check.agreed)} of ${figure(check.asked)} as recorded.`}{' '}
        What was executed then counts as used; nobody knows what people would have decided otherwise.
      </p>
    </div>
  );
}

function Rules({ moved }: { moved: Moved }) {
  return (
    <span className="simrules">
      {moved.rules.slice(0, 4).map(({ rule, n }) => (
        <span key={rule}>
          <MarkedText text={rule} /> <span className="dim num">{figure(n)}</span>
        </span>
      ))}
      {moved.rules.length > 4 && <span className="dim">and {moved.rules.length - 4} more</span>}
    </span>
  );
}

function People({ moved }: { moved: Moved }) {
  const { approved, denied, expired, other } = moved.people;
  if (moved.from !== 'escalate') return <span className="dim">nobody was asked</span>;
  return (
    <span className="num">
      {figure(approved)} approved, {figure(denied)} denied, {figure(expired)} expired
      {other > 0 && `, ${figure(other)} otherwise`}
    </span>
  );
}

function Examples({ moved }: { moved: Moved }) {
  if (moved.examples.length === 0) return <span className="dim">not shown to your role</span>;
  return (
    <span className="simrules">
      {moved.examples.slice(0, 3).map((id) => (
        <Link key={id} href={routes.decision(id)} prefetch={false}>
          <Id value={id} />
        </Link>
      ))}
    </span>
  );
}
