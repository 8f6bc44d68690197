import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { isJsonObject, parseJson } from '@/lib/core/json';
import type { DecideRequest, PreparedVerdict } from '@/lib/escalations/escalation-view';

/**
 * What the device is about to sign, held against what this page shows: the statement must be about this very verdict, and
 * the challenge must be its own, computed here.
 * @returns the challenge in base64url, or null when anything differs
 */
export function checkPrepared(prepared: PreparedVerdict, request: DecideRequest): string | null {
  const json = parseJson(prepared.statement);
  const statement = json.ok && isJsonObject(json.value) ? json.value : null;
  const fits =
    statement !== null &&
    statement.verdict === request.verdict &&
    statement.reason_code === request.reasonCode &&
    statement.action_digest === request.actionDigest &&
    statement.display_digest === request.displayDigest &&
    statement.instance === request.instance;
  const signed = concatBytes(utf8('countersign/review/v1\n'), utf8(prepared.statement));
  const challenge = formatBase64url(sha256(signed));
  return fits && prepared.options.challenge === challenge ? challenge : null;
}
