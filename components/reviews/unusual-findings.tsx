import { Finding, Findings } from '@/components/ui/finding';
import { formatAmount } from '@/components/ui/format-amount';
import { MarkedText } from '@/components/ui/marked-text';
import { parseJsonLines } from '@/components/ui/parse-json-lines';
import { StripPlot } from '@/components/ui/strip-plot';
import { Subhead } from '@/components/ui/subhead';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';

/** What differs from this agent's past, each with its line in the tree. */
export function UnusualFindings({ shown }: { shown: EscalationDetail }) {
  if (shown.unusual.length === 0) {
    return <p className="lab">Nothing that the console looks for differs from this agent's past.</p>;
  }
  const parsed = parseJsonLines(shown.actionJson);
  const lineOf = (path: string | undefined) =>
    path === undefined || !parsed.ok ? undefined : parsed.lines.find((line) => line.pointer === path)?.number;
  return (
    <Findings label="Unusual for this agent">
      {shown.unusual.map(({ finding, detail, path }) => {
        const line = lineOf(path);
        return (
          <Finding
            key={`${finding}${path ?? ''}`}
            evidence={
              <>
                {line !== undefined && `line ${line}: `}
                <MarkedText text={detail} />
              </>
            }
          >
            <MarkedText text={finding} />
          </Finding>
        );
      })}
    </Findings>
  );
}

/** Findings, and the amount among the agent's last ones. */
export function Unusual({ shown }: { shown: EscalationDetail }) {
  const amount = shown.row.sentence.amount;
  const recent = shown.recentAmounts;
  return (
    <div className="unusual">
      <Subhead title="Unusual for this agent" />
      <UnusualFindings shown={shown} />
      {recent !== null && amount !== undefined && amount.currency === recent.currency && (
        <StripPlot
          values={recent.amounts.map(Number)}
          current={Number(amount.amount)}
          subject={`Last ${recent.amounts.length} of this agent's actions with this tool`}
          format={(value) => formatAmount(String(Math.round(value * 100) / 100), recent.currency)}
        />
      )}
    </div>
  );
}
