import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, verifyEd25519Async } from '@/lib/core/ed25519';
import { parseBase64url } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { Check } from '@/lib/integrity/check';
import { parseToken } from '@/lib/tokens/token';
import type { DecisionStory, Told } from './decision-story';
import type { StreamKeyView } from './verification-material';
import { formatLink } from './verify-stream';

export interface ApprovalMaterial {
  id: string;
  audience: string;
  token: string | null;
}

/** That each verdict's digest is the one of its statement, and that the statement is about this escalation. */
export function checkStatements(story: DecisionStory): Check {
  const base = {
    id: 'review.statement',
    title: 'Verdict',
    compared: `${story.reviews.length === 1 ? 'the statement' : `${story.reviews.length} statements`}, canonicalised and digested again, with the recorded digest`,
  };
  for (const { body, view } of story.reviews) {
    const { statement } = body;
    const where = { stream: view.stream, position: view.position };
    const computed = formatDigest(
      'sha-256',
      sha256(utf8(formatCanonicalJson(statement as unknown as JsonValue))),
    );
    if (computed !== body.statement_digest) {
      return {
        ...base,
        verdict: 'invalid',
        code: 'statement_digest',
        where,
        expected: body.statement_digest,
        computed,
      };
    }
    if (statement.escalation !== body.escalation_id) {
      return {
        ...base,
        verdict: 'invalid',
        code: 'statement_escalation',
        where,
        expected: body.escalation_id,
        computed: statement.escalation,
      };
    }
  }
  return { ...base, verdict: 'valid' };
}

/** That every record and the token speak of one and the same action. */
export function checkActionDigest(body: DecisionBody, story: DecisionStory, token: string | null): Check {
  const named: { by: string; digest: string }[] = [];
  const add = (by: string, digest: string | undefined) => {
    if (digest !== undefined) named.push({ by, digest });
  };
  const each = (told: readonly Told<{ action_digest: string }>[], by: string) => {
    for (const { body: one } of told) add(by, one.action_digest);
  };
  add('the decision', body.output.action.action_digest);
  each(story.submitted, 'the escalation');
  for (const { body: one } of story.reviews) add('the verdict', one.statement.action_digest);
  each(story.issued, 'the approval');
  each(story.redeemed, 'the redemption');
  const parsed = token === null ? null : parseToken(token);
  if (parsed?.ok) add('the token', parsed.value.claims.authorization_details[0]?.action_digest);
  const base = { id: 'action.digest', title: 'Action' };
  const [first, ...rest] = named;
  if (!first || rest.length === 0) {
    return {
      ...base,
      verdict: 'not-checked',
      compared: 'the action digest in every record that names it',
      reason: 'fewer than two records name it',
    };
  }
  const sources = [...new Set(named.map(({ by }) => by))].join(', ');
  const compared = `one digest, ${first.digest.slice(0, 4)}…${first.digest.slice(-4)}, in ${sources}`;
  const other = rest.find(({ digest }) => digest !== first.digest);
  if (!other) return { ...base, verdict: 'valid', compared };
  return {
    ...base,
    verdict: 'invalid',
    code: 'action_mismatch',
    compared: `the action digest of ${first.by} with that of ${other.by}`,
    expected: first.digest,
    computed: other.digest,
  };
}

/** The token's own signature, its claims against the recorded digest, and the review record it rests on. */
export async function checkToken(
  material: ApprovalMaterial | undefined,
  keys: readonly StreamKeyView[],
  story: DecisionStory,
  linkOf: (stream: string, position: number) => Uint8Array | undefined,
): Promise<Check> {
  const base = { id: 'token.signature', title: 'Token' };
  const what = 'signature, claims digest, and the review record that it names';
  const notChecked = (reason: string): Check => ({ ...base, verdict: 'not-checked', compared: what, reason });
  const issued = story.issued[0];
  if (!issued || !material) return notChecked('no approval has been issued');
  if (material.token === null)
    return notChecked('it can still be redeemed; only its gateway holds it until then');
  const parsed = parseToken(material.token);
  if (!parsed.ok)
    return { ...base, verdict: 'invalid', code: parsed.code, compared: 'the form of the token' };
  const { header, claims, signingInput, signature } = parsed.value;
  const named = { key: header.kid };
  const invalid = (code: string, compared: string, expected?: string, computed?: string): Check => ({
    ...base,
    ...named,
    verdict: 'invalid',
    code,
    compared,
    where: { stream: issued.view.stream, position: issued.view.position },
    ...(expected === undefined ? {} : { expected }),
    ...(computed === undefined ? {} : { computed }),
  });
  const key = keys.find(({ keyid }) => keyid === header.kid);
  const publicKey = key ? parseBase64url(key.publicKey) : null;
  if (!key || !publicKey?.ok)
    return invalid('key_unknown', "the token's kid with the published approval keys");
  if (jwkThumbprint(publicKey.value) !== header.kid)
    return invalid(
      'key_thumbprint',
      'the kid with the thumbprint of the key',
      header.kid,
      jwkThumbprint(publicKey.value),
    );
  if (!(await verifyEd25519Async(publicKey.value, signingInput, signature)))
    return invalid('signature_invalid', 'the Ed25519 signature over header and claims');
  const recordedMs = Date.parse(issued.view.acceptedAt);
  const until = key.retiredAt === null ? Number.POSITIVE_INFINITY : Date.parse(key.retiredAt);
  if (recordedMs < Date.parse(key.validFrom) || recordedMs > until)
    return invalid(
      'key_validity',
      'when the approval was recorded with the validity of its key',
      `${key.validFrom} to ${key.retiredAt ?? 'now'}`,
      issued.view.acceptedAt,
    );
  if (claims.jti !== issued.body.approval_id)
    return invalid(
      'approval_mismatch',
      "the token's id with the approval record",
      issued.body.approval_id,
      claims.jti,
    );
  if (claims.aud !== material.audience)
    return invalid(
      'audience_mismatch',
      "the token's audience with the gateway that the console names",
      claims.aud,
      material.audience,
    );
  const segment = parseBase64url(material.token.split('.')[1] ?? '');
  const digest = segment.ok ? formatDigest('sha-256', sha256(segment.value)) : '';
  if (digest !== issued.body.claims_digest)
    return invalid(
      'claims_digest',
      'the digest of the claims with the approval record',
      issued.body.claims_digest,
      digest,
    );
  const other = claims.approvals.find(({ statement_digest: named, method }) =>
    story.reviews.some(({ body }) => body.statement_digest === named && body.method !== method),
  );
  if (other)
    return invalid('method_mismatch', 'how each verdict was signed, by the token, with the review records');
  const { stream, position, link } = claims.record;
  const walked = linkOf(stream, position);
  if (!walked) return notChecked(`the review record it names, ${position} of ${stream}, was not walked`);
  if (formatLink(walked) !== link)
    return invalid(
      'record_mismatch',
      `the link of record ${position} with the one in the token`,
      link,
      formatLink(walked),
    );
  return {
    ...base,
    ...named,
    verdict: 'valid',
    compared: `signature, claims as recorded, and review record ${position} that it rests on`,
  };
}
