import type { CheckWhere } from '@/lib/integrity/check';

/** A place in a few words for the pill: `record 1,254 of payments-agent`. No personal data stands in a stream's name. */
export function placeWords(where: CheckWhere | undefined, otherwise: string): string {
  const stream = where?.stream?.split('/').at(-1);
  if (where?.position === undefined) return stream === undefined ? otherwise : `stream ${stream}`;
  return `record ${where.position.toLocaleString('en')}${stream === undefined ? '' : ` of ${stream}`}`;
}
