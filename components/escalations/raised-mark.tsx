import { Badge } from '@/components/ui/badge';
import type { EscalationRow } from '@/lib/escalations/escalation-view';

/** That nobody with authority took it, and to whom it went. */
export function RaisedMark({ raised }: { raised: NonNullable<EscalationRow['raised']> }) {
  return <Badge tone="plain">{raised.to === 'compliance' ? 'with compliance' : 'raised to seniors'}</Badge>;
}
