import { MarkedText } from '@/components/ui/marked-text';
import { Time } from '@/components/ui/time';
import { CONDITION_WORDS, type ConditionResolution } from '@/lib/conditions/condition';
import { CONDITION_REASONS, type ConditionView } from '@/lib/conditions/condition-view';

const ENDS: Record<ConditionResolution, string> = {
  cleared: 'cleared',
  accepted: 'accepted as it is',
  abandoned: 'given up',
};

function reasonOf(code: string | null): string {
  if (code === 'arrived') return 'what was missing arrived';
  return CONDITION_REASONS[code as keyof typeof CONDITION_REASONS]?.toLowerCase() ?? '';
}

/** What was closed lately, by whom and why. */
export function ClosedConditions({ conditions }: { conditions: readonly ConditionView[] }) {
  return (
    <details className="cclosed">
      <summary>
        <span className="num">{conditions.length}</span> closed lately
      </summary>
      <ul>
        {conditions.map((condition) => (
          <li key={condition.id}>
            <b className="med">{CONDITION_WORDS[condition.code].title}</b>{' '}
            <span className="t2">
              {condition.resolution && ENDS[condition.resolution]}
              {condition.resolvedBy === null ? '' : ' by '}
              {condition.resolvedBy !== null && <MarkedText text={condition.resolvedBy} />}:{' '}
              {reasonOf(condition.reasonCode)}
            </span>{' '}
            {condition.resolvedAt !== null && (
              <span className="dim">
                <Time at={condition.resolvedAt} precision="minute" />
              </span>
            )}
            <p className="cdetail">
              <MarkedText text={condition.detail} />
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
