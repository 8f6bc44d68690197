import type { RecordOrigin } from '@/lib/decisions/record-payload';
import type { Check, CheckWhere } from '@/lib/integrity/check';

/** What a bridge made a record from, in words. */
export const ORIGIN_WORDS: Record<RecordOrigin['protocol'], string> = { otlp: 'OpenTelemetry spans' };

/** "not signed at source: made from OpenTelemetry spans by <producer>". The producer is the bridge that signed. */
export function describeOrigin({ protocol }: Pick<RecordOrigin, 'protocol'>, producer: string): string {
  return `not signed at source: made from ${ORIGIN_WORDS[protocol]} by ${producer}`;
}

/** Nobody can check what its source said: the bridge's signature shows only what the bridge received. */
export function checkOrigin(origin: RecordOrigin, producer: string, where: CheckWhere): Check {
  return {
    id: 'record.origin',
    title: 'Origin',
    verdict: 'not-checked',
    compared: 'what the source itself decided with what the bridge signed',
    reason: describeOrigin(origin, producer),
    where,
  };
}
