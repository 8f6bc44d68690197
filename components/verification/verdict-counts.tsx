import { Badge } from '@/components/ui/badge';
import type { Check } from '@/lib/integrity/check';

/** How many lines carry each verdict. VALID is claimed only when the whole run is complete. */
export function VerdictCounts({
  checks,
  complete,
}: {
  checks: readonly Pick<Check, 'verdict'>[];
  complete: boolean;
}) {
  const count = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const invalid = count('invalid');
  const notChecked = count('not-checked');
  return (
    <>
      {invalid > 0 && <Badge tone="invalid">{invalid} INVALID</Badge>}
      {complete && <Badge tone="valid">{count('valid')} VALID</Badge>}
      {complete && notChecked > 0 && <Badge tone="not-checked">{notChecked} NOT CHECKED</Badge>}
    </>
  );
}
